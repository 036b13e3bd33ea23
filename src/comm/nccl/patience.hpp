// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Polling with a limit.

#include "atnas/core/timer.hpp"

namespace atnas::comm::nccl {

/// Counts the time of one wait.
class Patience {
  public:
    /// \param limit_seconds 0 = no limit
    explicit Patience(double limit_seconds) noexcept : limit_seconds_(limit_seconds) {}

    bool over() const noexcept { return limit_seconds_ > 0 && watch_.seconds() > limit_seconds_; }
    double seconds() const noexcept { return watch_.seconds(); }
    /// Gives the processor away between two polls; for longer, the longer the wait has been.
    void pause();

  private:
    double limit_seconds_;
    Stopwatch watch_;
    int polls_{0};
};

}  // namespace atnas::comm::nccl
