// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/tournament_selection.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "members.hpp"

namespace atnas::evo {
namespace {

using test::ids_of;
using test::member;
using test::nan;

TEST(TournamentSelection, RankingIsTheSameForEveryInitialOrder) {
    const TournamentSelection selection({});
    Population population{member(0.1, 1), member(nan, 9), member(0.7, 3), member(0.7, 2), member(nan, 4)};
    Population backwards(population.rbegin(), population.rend());
    EXPECT_FALSE(selection.is_ranked(population));
    selection.rank(population);
    selection.rank(backwards);
    EXPECT_EQ(ids_of(population), (std::vector<std::int64_t>{102, 103, 101, 104, 109}));
    EXPECT_EQ(ids_of(backwards), ids_of(population));
    EXPECT_TRUE(selection.is_ranked(population));
}

TEST(TournamentSelection, TheEliteSurvivesThenTheBestThatAreNotOverAge) {
    const Population ranked{member(0.9, 1, 9), member(0.8, 2, 3), member(0.7, 3, 2), member(0.6, 4, 9),
                            member(0.5, 5, 0)};
    const auto survivors = [&](const SelectionOptions& options, std::size_t places) {
        return ids_of(TournamentSelection(options).survivors(ranked, places));
    };
    EXPECT_EQ(survivors({.elite = 1, .max_age = 3}, 2), (std::vector<std::int64_t>{101, 103}));
    EXPECT_EQ(survivors({.elite = 1, .max_age = 3}, 5), (std::vector<std::int64_t>{101, 103, 105}))
        << "places stay free";
    EXPECT_EQ(survivors({.elite = 0, .max_age = 3}, 5), (std::vector<std::int64_t>{103, 105}));
    EXPECT_EQ(survivors({.elite = 2, .max_age = 3}, 2), (std::vector<std::int64_t>{101, 102}));
    EXPECT_EQ(survivors({.max_age = 0}, 4), (std::vector<std::int64_t>{101, 102, 103, 104}));
}

TEST(TournamentSelection, ParentsWinTournaments) {
    const Population ranked{member(0.9, 1), member(0.8, 2), member(0.7, 3)};
    RandomStream random({.seed = 1});
    const TournamentSelection of_all({.tournament = 3});
    EXPECT_EQ(of_all.parent(ranked, {}, random), 0u);
    EXPECT_EQ(of_all.parent(ranked, 0, random), 1u);
}

TEST(TournamentSelection, OnlyTheBetterMayReplace) {
    const TournamentSelection selection({});
    const Population ranked{member(0.5, 2), member(0.3, 3), member(nan, 4)};
    EXPECT_TRUE(selection.may_replace(member(0.6, 1), ranked, 0));
    EXPECT_FALSE(selection.may_replace(member(0.4, 1), ranked, 0));
    EXPECT_TRUE(selection.may_replace(member(0.4, 1), ranked, 1));
    EXPECT_TRUE(selection.may_replace(member(0.1, 1), ranked, 2));
    EXPECT_FALSE(selection.may_replace(member(nan, 1), ranked, 2)) << "though its genotype comes first";
}

}  // namespace
}  // namespace atnas::evo
