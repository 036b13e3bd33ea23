// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/task_counters.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace atnas::comm {
namespace {

TEST(TaskCounters, OfOneRankNeedNoMpi) {
    TaskCounters counters{Communicator()};
    ASSERT_EQ(counters.ranks().size(), 1u);
    EXPECT_EQ(counters.ranks()[0], 0);
    EXPECT_EQ(counters.own_position(), 0u);
    for (std::uint32_t i = 0; i < 3; ++i) {
        EXPECT_EQ(counters.left(0, 1, 3), 3 - i);
        EXPECT_EQ(counters.take(0, 1, 3), i);
    }
    EXPECT_EQ(counters.left(0, 1, 3), 0u);
    EXPECT_FALSE(counters.take(0, 1, 3));
    EXPECT_FALSE(counters.take(0, 1, 3));
}

TEST(TaskCounters, BeginANewStepByThemselves) {
    TaskCounters counters{Communicator()};
    EXPECT_EQ(counters.take(0, 0, 2), 0u);
    EXPECT_EQ(counters.take(0, 0, 2), 1u);
    EXPECT_EQ(counters.left(0, 1, 5), 5u);
    EXPECT_EQ(counters.take(0, 1, 5), 0u);
    EXPECT_EQ(counters.take(0, 1, 5), 1u);
    // Steps may be left out, and be as many as the type counts.
    constexpr std::uint32_t last = 0xffffffffU;
    EXPECT_EQ(counters.left(0, last, 1), 1u);
    EXPECT_EQ(counters.take(0, last, 1), 0u);
    EXPECT_FALSE(counters.take(0, last, 1));
}

TEST(TaskCounters, AnEmptyListHasNothing) {
    TaskCounters counters{Communicator()};
    EXPECT_EQ(counters.left(0, 7, 0), 0u);
    EXPECT_FALSE(counters.take(0, 7, 0));
}

}  // namespace
}  // namespace atnas::comm
