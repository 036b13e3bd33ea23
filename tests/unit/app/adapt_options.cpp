// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/adapt_options.hpp"

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

namespace atnas::app {
namespace {

AdaptOptions with(std::vector<Assignment> overrides) {
    AdaptOptions options;
    options.overrides = std::move(overrides);
    return options;
}

TEST(AdaptOptions, EncodesOfATaskEvolveByTheDefaultsUnderWhatIsGiven) {
    const engine::EncodeSearchOptions usual = search_options(with({}), 7);
    EXPECT_EQ(usual.islands, 1);
    EXPECT_EQ(usual.seed, 7u);
    EXPECT_EQ(usual.evolution.population, evo::EvolutionOptions{}.population);
    const auto given =
        search_options(with({{"evo.islands", "3", ""}, {"evo.population", "9", ""}, {"task.way", "9", ""}}), 7);
    EXPECT_EQ(given.islands, 3);
    EXPECT_EQ(given.evolution.population, 9);
    AdaptOptions random = with({});
    random.search = evo::Kind::random;
    EXPECT_EQ(search_options(random, 7).evolution.kind, evo::Kind::random);
    EXPECT_THROW(search_options(with({{"evo.population", "none", ""}}), 7), Error);
}

TEST(AdaptOptions, ABudgetIsThereWhetherItIsGivenOrNot) {
    const Deck deck;
    EXPECT_EQ(novel_task_options(with({}), deck, {1, 28, 28}).budget.evaluations, usual_evaluations);
    AdaptOptions timed = with({});
    timed.budget.seconds = 3;
    EXPECT_EQ(novel_task_options(timed, deck, {1, 28, 28}).budget.evaluations, 0u);
    EXPECT_EQ(novel_task_options(timed, deck, {1, 28, 28}).budget.seconds, 3);
}

TEST(AdaptOptions, ALinearHeadHasItsOwnWayAndNoOther) {
    Deck deck;
    deck.task.way = 5;
    deck.space.head = space::Head::linear;
    EXPECT_NO_THROW(expect_head(deck, "mine", 5));
    EXPECT_THROW(expect_head(deck, "mine", 6), Error);
    deck.space.head = space::Head::proto;
    EXPECT_NO_THROW(expect_head(deck, "mine", 6));
}

}  // namespace
}  // namespace atnas::app
