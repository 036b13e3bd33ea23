// SPDX-License-Identifier: Apache-2.0
#include "nvtx_ranges.hpp"

#include <nvtx3/nvToolsExt.h>

namespace atnas::backend::cuda {

void NvtxRanges::begin(Phase phase) noexcept {
    // Names of phases are literals and end with a zero.
    nvtxRangePushA(name_of(phase).data());
}

void NvtxRanges::end() noexcept {
    nvtxRangePop();
}

}  // namespace atnas::backend::cuda
