// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/tournament.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace atnas::evo {
namespace {

constexpr std::uint64_t seed = 2021;

TEST(Tournament, OfAllIsWonByTheBest) {
    RandomStream random({.seed = seed});
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(tournament({.members = 8, .contestants = 8, .barred = {}}, random), 0u);
        EXPECT_EQ(tournament({.members = 8, .contestants = 99, .barred = {}}, random), 0u);
        EXPECT_EQ(tournament({.members = 8, .contestants = 8, .barred = 0}, random), 1u);
    }
}

TEST(Tournament, SizeIsTheSelectionPressure) {
    constexpr int draws = 8000;
    for (const int contestants : {1, 2, 4}) {
        RandomStream random({.seed = seed, .item = static_cast<std::uint32_t>(contestants)});
        std::vector<int> wins(8);
        for (int i = 0; i < draws; ++i)
            ++wins[tournament({.members = 8, .contestants = contestants, .barred = {}}, random)];
        // Without replacement the best wins whenever it is drawn, and the k - 1 worst never win.
        EXPECT_NEAR(wins[0], draws * contestants / 8.0, 200) << contestants;
        for (int worst = 0; worst < contestants - 1; ++worst) EXPECT_EQ(wins[static_cast<std::size_t>(7 - worst)], 0);
        EXPECT_GT(wins[static_cast<std::size_t>(8 - contestants)], 0);
    }
}

TEST(Tournament, WhoIsBarredNeverWins) {
    RandomStream random({.seed = seed});
    std::set<std::size_t> winners;
    for (int i = 0; i < 200; ++i) winners.insert(tournament({.members = 4, .contestants = 1, .barred = 2}, random));
    EXPECT_EQ(winners, (std::set<std::size_t>{0, 1, 3}));
}

}  // namespace
}  // namespace atnas::evo
