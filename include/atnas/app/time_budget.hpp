// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How long a run may take, and whether there is time for one more step.

#include <optional>
#include <string>

#include "atnas/core/timer.hpp"

namespace atnas::app {

/// Seconds from \p now to the end of the Slurm job, both UNIX times; \p end_time is what SLURM_JOB_END_TIME says, null
/// or malformed outside of such a job.
std::optional<double> slurm_seconds_left(const char* end_time, double now);

/// Counts from its construction. Learns from the steps and checkpoints of the run how much time to keep in reserve.
class TimeBudget {
  public:
    /// \p seconds: nothing = no limit.
    explicit TimeBudget(std::optional<double> seconds) : limit_(seconds) {}

    void note_step(double seconds) noexcept;
    /// Also an estimate, before the first one.
    void note_checkpoint(double seconds) noexcept;
    /// Whether another step and the checkpoint after it, each half as long again as the longest so far, could end too
    /// late.
    bool over() const noexcept;

  private:
    std::optional<double> limit_;
    Stopwatch clock_;
    double longest_step_{0};
    double longest_checkpoint_{0};
};

}  // namespace atnas::app
