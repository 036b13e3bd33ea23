// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/novel_task.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "support/novel_task.hpp"

namespace atnas::engine {
namespace {

const auto never = [] { return false; };

class AdaptEncode : public testing::Test {
  protected:
    NovelTaskResult adapt(const NovelTaskOptions& options, std::uint32_t number = 0) {
        return adapt_encode({user.engine.net, user.evaluator, user.engine.sharing, user.engine.communicator, elite},
                            {user.images, user.way, number}, options, never);
    }
    static NovelTaskOptions options() {
        NovelTaskOptions options;
        options.caution = Caution::none;
        options.folds.changes = data::mild_changes({1, 8, 8});
        options.search.evolution.population = 4;
        options.search.evolution.variation.offspring = 2;
        options.budget.evaluations = 14;
        options.wanted = 3;
        return options;
    }

    NovelTaskFixture user;
    std::vector<space::Genotype> elite = user.encodes(2);
};

TEST_F(AdaptEncode, FindsNothingWorseThanWhatItStartsFrom) {
    const NovelTaskResult found = adapt(options());
    EXPECT_EQ(found.first.genotype, elite.front());
    EXPECT_EQ(found.folds, 4u);
    ASSERT_EQ(found.best.size(), 3u);
    EXPECT_GE(found.best[0].result.fitness(), found.first.result.fitness());
    for (std::size_t i = 1; i < 3; ++i) EXPECT_GE(found.best[i - 1].result.fitness(), found.best[i].result.fitness());
    EXPECT_GT(found.evaluations, 6u);
    EXPECT_LE(found.evaluations, 14u);
}

TEST_F(AdaptEncode, IsAFunctionOfSeedAndTask) {
    const auto losses = [&](const NovelTaskOptions& how, std::uint32_t number) {
        std::vector<double> found;
        for (const JudgedOnFolds& one : adapt(how, number).best) found.push_back(one.result.loss);
        return found;
    };
    EXPECT_EQ(losses(options(), 3), losses(options(), 3));
    EXPECT_NE(losses(options(), 3), losses(options(), 4));
    NovelTaskOptions other = options();
    other.search.seed = 2;
    EXPECT_NE(losses(options(), 3), losses(other, 3));
}

TEST_F(AdaptEncode, GoesOnWithWhatAJournalKnows) {
    SearchJournal journal;
    const auto with_journal = [&] {
        return adapt_encode(
            {user.engine.net, user.evaluator, user.engine.sharing, user.engine.communicator, elite, &journal},
            {user.images, user.way, 0}, options(), never);
    };
    const NovelTaskResult first = with_journal();
    EXPECT_EQ(journal.size(), first.evaluations);
    // Whoever is in it is not judged again: what it says counts.
    journal.add(std::span(elite).first(1), std::vector<FoldResult>{{1e-6, 1}});
    const NovelTaskResult again = with_journal();
    EXPECT_EQ(again.best.front().genotype, elite.front());
    EXPECT_NE(first.best.front().genotype, elite.front());
}

TEST_F(AdaptEncode, SaysBetweenGenerationsHowFarItIs) {
    std::vector<SearchProgress> said;
    const NovelTaskResult found =
        adapt_encode({user.engine.net, user.evaluator, user.engine.sharing, user.engine.communicator, elite, nullptr,
                      nullptr, [&](const SearchProgress& progress) { said.push_back(progress); }},
                     {user.images, user.way, 0}, options(), never);
    ASSERT_GT(said.size(), 1u);
    EXPECT_EQ(said.front().evaluations, 4u);
    for (std::size_t i = 1; i < said.size(); ++i) {
        EXPECT_GE(said[i].evaluations, said[i - 1].evaluations);
        EXPECT_GE(said[i].fitness, said[i - 1].fitness);
        EXPECT_GE(said[i].seconds, said[i - 1].seconds);
    }
    EXPECT_LE(said.back().evaluations, found.evaluations);
    EXPECT_LE(said.back().fitness, found.found.result.fitness());
}

TEST_F(AdaptEncode, WhatWasFoundIsRankedByWhoJudgesItLast) {
    meta::TaskEvaluator last(user.engine.net.plans(), {{4, 0.5f}, meta::Statistics::support});
    NovelTaskOptions many = options();
    many.wanted = 12;
    const NovelTaskResult searched = adapt(many);
    const NovelTaskResult found = adapt_encode(
        {user.engine.net, user.evaluator, user.engine.sharing, user.engine.communicator, elite, nullptr, &last},
        {user.images, user.way, 0}, many, never);
    ASSERT_EQ(found.best.size(), searched.best.size());
    std::vector<space::Genotype> before, after;
    for (std::size_t i = 0; i < found.best.size(); ++i) {
        before.push_back(searched.best[i].genotype);
        after.push_back(found.best[i].genotype);
        EXPECT_GE(found.best[i > 0 ? i - 1 : 0].result.fitness(), found.best[i].result.fitness());
    }
    EXPECT_NE(before, after);
    EXPECT_TRUE(std::ranges::is_permutation(before, after));
}

TEST_F(AdaptEncode, WithCautionWhatWasFoundMustBeBetterThanLuck) {
    // Seven images, and as many encodes as the budget says.
    const NovelTaskResult bold = adapt(options());
    const double luck = std::log(static_cast<double>(bold.evaluations - 1));
    NovelTaskOptions how = options();
    how.caution = Caution::bayes;
    const NovelTaskResult careful = adapt(how);
    EXPECT_EQ(careful.found.genotype, bold.best.front().genotype);
    const double gain = 7 * (careful.first.result.loss - careful.found.result.loss);
    EXPECT_EQ(careful.best.front().genotype, gain > luck ? careful.found.genotype : careful.first.genotype);
    EXPECT_EQ(careful.best.size(), 3u);
}

TEST_F(AdaptEncode, WithoutASearchTheEliteIsWhatThereIs) {
    NovelTaskOptions none = options();
    none.search.evolution.kind = evo::Kind::fixed;
    const NovelTaskResult found = adapt(none);
    ASSERT_EQ(found.best.size(), 2u);
    EXPECT_EQ(found.best[0].genotype, elite[0]);
    EXPECT_EQ(found.best[1].genotype, elite[1]);
    EXPECT_EQ(found.best[0].result.loss, found.first.result.loss);
    EXPECT_EQ(found.evaluations, 0u);
}

TEST_F(AdaptEncode, RandomSearchJudgesAsManyButStartsFromNobody) {
    NovelTaskOptions random = options();
    random.search.evolution.kind = evo::Kind::random;
    random.wanted = 100;
    const NovelTaskResult found = adapt(random);
    EXPECT_GT(found.evaluations, 6u);
    for (const JudgedOnFolds& one : found.best) EXPECT_NE(one.genotype, elite.front());
}

TEST(PreferFirst, WhatWasFoundMustBeBetterThanTheOddsOfTheSearch) {
    const JudgedOnFolds first{{{0}}, {1.0, 0.5}};
    const JudgedOnFolds found{{{1}}, {0.5, 0.8}};
    const JudgedOnFolds second{{{2}}, {0.9, 0.7}};
    const auto chosen = [&](int images, std::size_t wanted, std::vector<JudgedOnFolds> best) {
        NovelTaskResult result;
        result.first = first;
        result.best = std::move(best);
        result.evaluations = 50;
        prefer_first(result, images, wanted);
        std::vector<int> genes;
        for (const JudgedOnFolds& one : result.best) genes.push_back(one.genotype.genes.front());
        return genes;
    };
    // 49 others: log odds of 3.9 against each, 0.5 for every image.
    EXPECT_EQ(chosen(7, 1, {found}), (std::vector{0}));
    EXPECT_EQ(chosen(8, 1, {found}), (std::vector{1}));
    EXPECT_EQ(chosen(8, 3, {found, second}), (std::vector{1, 0, 2}));
    EXPECT_EQ(chosen(8, 2, {found, first}), (std::vector{1, 0})) << "nobody twice";
}

}  // namespace
}  // namespace atnas::engine
