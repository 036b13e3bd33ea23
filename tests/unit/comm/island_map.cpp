// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/island_map.hpp"

#include <gtest/gtest.h>

namespace atnas::comm {
namespace {

TEST(IslandMap, BlocksCoverAllIslandsOnceAndInOrder) {
    for (int islands = 0; islands <= 13; ++islands) {
        for (int ranks = 1; ranks <= 15; ++ranks) {
            int next = 0;
            for (int rank = 0; rank < ranks; ++rank) {
                const IslandBlock block = islands_of(rank, ranks, islands);
                EXPECT_EQ(block.first, next);
                EXPECT_GE(block.count, islands / ranks);
                EXPECT_LE(block.count, islands / ranks + 1);
                next += block.count;
            }
            EXPECT_EQ(next, islands);
        }
    }
}

TEST(IslandMap, FirstRanksAreLonger) {
    EXPECT_EQ(islands_of(0, 3, 7).count, 3);
    EXPECT_EQ(islands_of(1, 3, 7).count, 2);
    EXPECT_EQ(islands_of(2, 3, 7).first, 5);
    EXPECT_EQ(islands_of(2, 3, 7).count, 2);
}

}  // namespace
}  // namespace atnas::comm
