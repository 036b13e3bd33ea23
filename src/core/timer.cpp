// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/timer.hpp"

#include <ctime>

namespace atnas {

std::string_view name_of(Phase phase) noexcept {
    switch (phase) {
        case Phase::forward:
            return "forward";
        case Phase::backward:
            return "backward";
        case Phase::optimizer:
            return "optimizer";
        case Phase::reduction:
            return "reduction";
        case Phase::evaluation:
            return "evaluation";
        case Phase::migration:
            return "migration";
        case Phase::checkpoint:
            return "checkpoint";
        case Phase::waiting:
            return "waiting";
        case Phase::count:
            break;
    }
    return "unknown";
}

double thread_cpu_seconds() noexcept {
    std::timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace atnas
