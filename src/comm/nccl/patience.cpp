// SPDX-License-Identifier: Apache-2.0
#include "patience.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace atnas::comm::nccl {

void Patience::pause() {
    // Most waits are over in microseconds: those are not prolonged by a sleep.
    constexpr int short_polls = 100;
    if (++polls_ <= short_polls) {
        std::this_thread::yield();
    } else {
        std::this_thread::sleep_for(std::chrono::microseconds(std::min(500, 5 * (polls_ - short_polls))));
    }
}

}  // namespace atnas::comm::nccl
