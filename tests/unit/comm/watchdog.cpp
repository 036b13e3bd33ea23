// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/watchdog.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

namespace atnas::comm {
namespace {

using std::chrono::milliseconds;

void pause(milliseconds time) {
    std::this_thread::sleep_for(time);
}

/// Each test in a process of its own, which a forked one with threads could not be.
class WatchdogDeathTest : public testing::Test {
  protected:
    WatchdogDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(WatchdogDeathTest, EndsWhatMakesNoProgress) {
    EXPECT_EXIT(
        {
            const Watchdog watchdog(0.2, 3);
            pause(milliseconds(20000));
            std::exit(0);
        },
        testing::ExitedWithCode(1), "error: rank 3 made no progress .*--restart=latest");
}

TEST_F(WatchdogDeathTest, LetsProgressAlone) {
    EXPECT_EXIT(
        {
            Watchdog watchdog(2.0, 0);
            for (int step = 0; step < 40; ++step) {  // twice the limit in all
                pause(milliseconds(100));
                watchdog.progress();
            }
            std::exit(0);
        },
        testing::ExitedWithCode(0), "");
}

TEST_F(WatchdogDeathTest, DoesNotCountSuspension) {
    EXPECT_EXIT(
        {
            Watchdog watchdog(1.0, 0);
            const pid_t self = ::getpid();
            const pid_t waker = ::fork();
            if (waker == 0) {
                ::sleep(3);
                ::kill(self, SIGCONT);
                std::_Exit(0);
            }
            ::kill(self, SIGSTOP);
            pause(milliseconds(300));  // time enough to bite
            watchdog.progress();
            std::exit(0);
        },
        testing::ExitedWithCode(0), "");
}

TEST(Watchdog, KeepsNoWatchWithoutLimit) {
    Watchdog watchdog(0, 0);
    watchdog.progress();
}

TEST(Watchdog, EndsAtOnceWithItsOwner) {
    const auto start = std::chrono::steady_clock::now();
    { const Watchdog watchdog(3600, 0); }
    EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(500));
}

/// Of every thread of this process, whether it blocks the signal.
std::vector<bool> blocked_in_threads(int signal) {
    std::vector<bool> blocked;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream status(thread.path() / "status");
        for (std::string line; std::getline(status, line);) {
            if (line.rfind("SigBlk:", 0) != 0) continue;
            blocked.push_back((std::stoull(line.substr(7), nullptr, 16) >> (signal - 1) & 1U) != 0);
        }
    }
    return blocked;
}

TEST(Watchdog, LeavesSignalsToTheOthers) {
    if (!std::filesystem::exists("/proc/self/task")) GTEST_SKIP() << "no /proc here";
#ifdef __SANITIZE_THREAD__
    GTEST_SKIP() << "the thread sanitizer starts a thread of its own meanwhile";
#endif
    const auto before = blocked_in_threads(SIGTERM);
    const Watchdog watchdog(3600, 0);
    const auto during = blocked_in_threads(SIGTERM);
    EXPECT_EQ(during.size(), before.size() + 1);
    EXPECT_EQ(std::count(during.begin(), during.end(), true), std::count(before.begin(), before.end(), true) + 1);
}

}  // namespace
}  // namespace atnas::comm
