// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/stop_signals.hpp"

#include <gtest/gtest.h>

namespace atnas::app {
namespace {

TEST(StopSignals, become_a_name_while_the_object_lives) {
    for (const auto& [number, name] : {std::pair{SIGTERM, "SIGTERM"}, {SIGINT, "SIGINT"}, {SIGUSR1, "SIGUSR1"}}) {
        const StopSignals signals;
        EXPECT_EQ(signals.arrived(), "") << "what came before does not count";
        raise(number);
        EXPECT_EQ(signals.arrived(), name);
    }
}

int former_calls = 0;

TEST(StopSignals, give_back_the_former_handler) {
    former_calls = 0;
    const auto before = std::signal(SIGUSR1, [](int) { ++former_calls; });
    {
        const StopSignals signals;
        raise(SIGUSR1);
        EXPECT_EQ(former_calls, 0);
    }
    raise(SIGUSR1);
    EXPECT_EQ(former_calls, 1);
    std::signal(SIGUSR1, before);
}

}  // namespace
}  // namespace atnas::app
