// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/island_map.hpp"

#include <gtest/gtest.h>

namespace atnas::comm {
namespace {

TEST(IslandMap, BlocksCoverAllIslandsOnceAndInOrder) {
    for (int islands = 1; islands <= 13; ++islands) {
        for (int ranks = 1; ranks <= 29; ++ranks) {
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

TEST(IslandMap, OfMoreRanksThanIslandsTheFirstOfEachBlockHoldsOne) {
    EXPECT_EQ(home_of(0, 2, 5), (RankBlock{0, 3}));
    EXPECT_EQ(home_of(1, 2, 5), (RankBlock{3, 2}));
    EXPECT_EQ(islands_of(0, 5, 2).count, 1);
    EXPECT_EQ(islands_of(1, 5, 2).count, 0);
    EXPECT_EQ(islands_of(2, 5, 2).count, 0);
    EXPECT_EQ(islands_of(3, 5, 2).count, 1);
    EXPECT_EQ(islands_of(4, 5, 2).count, 0);
}

TEST(IslandMap, HomeBeginsWithTheHolder) {
    for (int islands = 1; islands <= 13; ++islands) {
        for (int ranks = 1; ranks <= 29; ++ranks) {
            int next = 0;  // rank, where islands have blocks of ranks
            for (int island = 0; island < islands; ++island) {
                const RankBlock home = home_of(island, islands, ranks);
                const IslandBlock held = islands_of(home.first, ranks, islands);
                EXPECT_LE(held.first, island);
                EXPECT_LT(island, held.first + held.count);
                if (ranks <= islands) {
                    EXPECT_EQ(home.count, 1);
                } else {
                    EXPECT_EQ(home.first, next);
                    EXPECT_GE(home.count, ranks / islands);
                    EXPECT_LE(home.count, ranks / islands + 1);
                    next += home.count;
                }
            }
            EXPECT_EQ(next, ranks <= islands ? 0 : ranks);
        }
    }
}

TEST(IslandMap, NobodyHoldsAnyOfNone) {
    EXPECT_EQ(islands_of(0, 1, 0).count, 0);
    EXPECT_EQ(islands_of(2, 3, 0).count, 0);
}

}  // namespace
}  // namespace atnas::comm
