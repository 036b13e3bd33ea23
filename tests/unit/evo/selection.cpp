// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/selection.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "members.hpp"

namespace atnas::evo {
namespace {

using test::ids_of;
using test::member;

TEST(Selection, IsMadeByItsOptionsAndObjectives) {
    Population population{member(0.1, 1, 5), member(0.9, 2, 5)};
    make_selection({})->rank(population);
    EXPECT_EQ(ids_of(population), (std::vector<std::int64_t>{102, 101}));
    EXPECT_EQ(make_selection({.elite = 1, .max_age = 1})->survivors(population, 2).size(), 1u);
    make_selection({}, Objectives({{&Individual::fitness, Sense::smaller_is_better}}))->rank(population);
    EXPECT_EQ(ids_of(population), (std::vector<std::int64_t>{101, 102}));
}

TEST(Selection, BySeveralObjectivesIsByFronts) {
    const Objectives young_and_fit(
        {{&Individual::fitness, Sense::larger_is_better},
         {[](const Individual& individual) { return static_cast<double>(individual.age); }, Sense::smaller_is_better}});
    Population population{member(0.9, 1, 5), member(0.8, 2, 6), member(0.7, 3, 1)};
    make_selection({}, young_and_fit)->rank(population);
    EXPECT_EQ(ids_of(population), (std::vector<std::int64_t>{101, 103, 102}));
}

TEST(Selection, TheEliteSurvivesThenTheBestThatAreNotOverAge) {
    const Population ranked{member(0.9, 1, 9), member(0.8, 2, 3), member(0.7, 3, 2), member(0.6, 4, 9),
                            member(0.5, 5, 0)};
    const auto survivors = [&](const SelectionOptions& options, std::size_t places) {
        return ids_of(make_selection(options)->survivors(ranked, places));
    };
    EXPECT_EQ(survivors({.elite = 1, .max_age = 3}, 2), (std::vector<std::int64_t>{101, 103}));
    EXPECT_EQ(survivors({.elite = 1, .max_age = 3}, 5), (std::vector<std::int64_t>{101, 103, 105}))
        << "places stay free";
    EXPECT_EQ(survivors({.elite = 0, .max_age = 3}, 5), (std::vector<std::int64_t>{103, 105}));
    EXPECT_EQ(survivors({.elite = 2, .max_age = 3}, 2), (std::vector<std::int64_t>{101, 102}));
    EXPECT_EQ(survivors({.max_age = 0}, 4), (std::vector<std::int64_t>{101, 102, 103, 104}));
}

TEST(Selection, ParentsWinTournaments) {
    const Population ranked{member(0.9, 1), member(0.8, 2), member(0.7, 3)};
    RandomStream random({.seed = 1});
    const auto of_all = make_selection({.tournament = 3});
    EXPECT_EQ(of_all->parent(ranked, {}, random), 0u);
    EXPECT_EQ(of_all->parent(ranked, 0, random), 1u);
}

TEST(SelectionOptions, AreChecked) {
    const auto first_problem = [](const SelectionOptions& options) {
        const auto problems = problems_of(options);
        return problems.empty() ? "" : problems.front().problem;
    };
    EXPECT_EQ(first_problem({}), "");
    EXPECT_EQ(first_problem({.elite = -1}), "elite = -1");
    EXPECT_EQ(first_problem({.tournament = 0}), "tournament = 0");
    EXPECT_EQ(first_problem({.max_age = -1}), "max_age = -1");
}

}  // namespace
}  // namespace atnas::evo
