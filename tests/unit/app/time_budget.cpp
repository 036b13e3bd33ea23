// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/time_budget.hpp"

#include <gtest/gtest.h>

namespace atnas::app {
namespace {

TEST(TimeBudget, without_a_limit_is_never_over) {
    TimeBudget budget({});
    budget.note_step(1e9);
    EXPECT_FALSE(budget.over());
}

TEST(TimeBudget, keeps_time_for_a_step_and_a_checkpoint) {
    TimeBudget budget(100.0);
    EXPECT_FALSE(budget.over());
    budget.note_step(30);
    budget.note_step(10);
    budget.note_checkpoint(20);
    EXPECT_FALSE(budget.over()) << "1.5 * (30 + 20) s fit";
    budget.note_checkpoint(40);
    EXPECT_TRUE(budget.over()) << "1.5 * (30 + 40) s do not";
}

TEST(TimeBudget, that_began_used_up_is_over) {
    EXPECT_TRUE(TimeBudget(-1.0).over());
    EXPECT_TRUE(TimeBudget(0.0).over());
}

TEST(TimeBudget, slurm_tells_the_end_as_a_unix_time) {
    EXPECT_EQ(slurm_seconds_left("1700000060", 1700000000.5), 59.5);
    EXPECT_EQ(slurm_seconds_left("1700000000", 1700000001.0), 0.0) << "it is over";
    EXPECT_FALSE(slurm_seconds_left(nullptr, 0.0));
    EXPECT_FALSE(slurm_seconds_left("", 0.0));
    EXPECT_FALSE(slurm_seconds_left("tomorrow", 0.0));
}

}  // namespace
}  // namespace atnas::app
