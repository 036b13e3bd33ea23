// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/watchdog.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "signals_blocked.hpp"

namespace atnas::comm {

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

}  // namespace

Watchdog::Watchdog(double limit_s, int rank) : limit_(limit_s), rank_(rank) {
    ATNAS_EXPECT(limit_s >= 0);
    if (limit_s == 0) return;
    const SignalsBlocked quiet;
    thread_ = std::thread([this] { watch(); });
}

Watchdog::~Watchdog() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
    }
    ended_.notify_one();
    thread_.join();
}

void Watchdog::progress() {
    const std::lock_guard lock(mutex_);
    idle_ = Seconds(0);
}

void Watchdog::watch() {
    const Seconds tick = std::min(Seconds(1.0), limit_ / 8);
    std::unique_lock lock(mutex_);
    Clock::time_point last = Clock::now();
    while (!ended_.wait_for(lock, tick, [this] { return over_; })) {
        const Clock::time_point now = Clock::now();
        // A tick that took longer is one in which the process was suspended.
        idle_ += std::min(Seconds(now - last), 2 * tick);
        last = now;
        if (idle_ < limit_) continue;
        // Not through the log: whoever is stuck may hold its lock. Not MPI_Abort: this is not the thread that may call
        // MPI.
        const Problem problem{"rank " + std::to_string(rank_) + " made no progress for " +
                                  std::to_string(static_cast<long long>(limit_.count())) + " s",
                              "another rank or the network is dead, or a step takes longer than that",
                              "go on with --restart=latest; where steps are that long, raise the limit"};
        std::fputs(("error: " + problem.text() + "\n").c_str(), stderr);
        std::_Exit(static_cast<int>(ExitCode::failed));
    }
}

}  // namespace atnas::comm
