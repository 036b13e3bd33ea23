// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/time_budget.hpp"

#include <algorithm>

#include "atnas/app/deck/number_text.hpp"

namespace atnas::app {

std::optional<double> slurm_seconds_left(const char* end_time, double now) {
    double end = 0;
    if (end_time == nullptr || read_number(end_time, end)) return {};
    return std::max(0.0, end - now);
}

void TimeBudget::note_step(double seconds) noexcept {
    longest_step_ = std::max(longest_step_, seconds);
}

void TimeBudget::note_checkpoint(double seconds) noexcept {
    longest_checkpoint_ = std::max(longest_checkpoint_, seconds);
}

bool TimeBudget::over() const noexcept {
    return limit_ && clock_.seconds() + 1.5 * (longest_step_ + longest_checkpoint_) > *limit_;
}

}  // namespace atnas::app
