// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/timer.hpp"

#include <set>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace atnas {
namespace {

TEST(Timer, every_phase_has_a_name_of_its_own) {
    std::set<std::string> names;
    for (int i = 0; i < static_cast<int>(Phase::count); ++i) names.emplace(name_of(static_cast<Phase>(i)));
    EXPECT_EQ(names.size(), static_cast<std::size_t>(Phase::count));
    EXPECT_EQ(names.count("unknown"), 0U);
    EXPECT_EQ(name_of(Phase::forward), "forward");
    EXPECT_EQ(name_of(Phase::waiting), "waiting");
    EXPECT_EQ(name_of(Phase::checkpoint), "checkpoint");
}

TEST(Timer, phases_add_up_separately) {
    PhaseTimes times;
    times.add(Phase::optimizer, 0.5);
    times.add(Phase::optimizer, 0.25);
    times.add(Phase::checkpoint, 1.0);
    EXPECT_EQ(times.seconds(Phase::optimizer), 0.75);
    EXPECT_EQ(times.seconds(Phase::checkpoint), 1.0);
    EXPECT_EQ(times.seconds(Phase::reduction), 0.0);
    ASSERT_EQ(times.seconds().size(), phase_count);
    EXPECT_EQ(times.seconds()[static_cast<std::size_t>(Phase::optimizer)], 0.75);
}

TEST(Timer, a_scope_charges_its_lifetime) {
    using namespace std::chrono_literals;
    PhaseTimes times;
    const Stopwatch whole;
    {
        const PhaseScope scope(times, Phase::evaluation);
        std::this_thread::sleep_for(20ms);
        EXPECT_EQ(times.seconds(Phase::evaluation), 0.0) << "charged at the end";
    }
    EXPECT_GE(times.seconds(Phase::evaluation), 0.02);
    EXPECT_LE(times.seconds(Phase::evaluation), whole.seconds());
    EXPECT_EQ(times.seconds(Phase::backward), 0.0);
}

TEST(Timer, cpu_seconds_do_not_count_sleep) {
    using namespace std::chrono_literals;
    const double before = thread_cpu_seconds();
    std::this_thread::sleep_for(50ms);
    const double slept = thread_cpu_seconds() - before;
    EXPECT_LT(slept, 0.025);
    while (thread_cpu_seconds() - before < slept + 0.01) {
    }
}

}  // namespace
}  // namespace atnas
