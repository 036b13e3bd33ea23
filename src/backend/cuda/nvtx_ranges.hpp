// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Phases as ranges in the timeline of NVIDIA's profilers (NVTX 3). Without a profiler a range costs nothing.

#include "atnas/core/timer.hpp"

namespace atnas::backend::cuda {

class NvtxRanges final : public PhaseObserver {
  public:
    void begin(Phase phase) noexcept override;
    void end() noexcept override;
};

}  // namespace atnas::backend::cuda
