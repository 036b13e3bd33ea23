// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/fold_fitness.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "support/novel_task.hpp"

namespace atnas::engine {
namespace {

TEST(FoldFitness, IsTheMeanLossOverAllImagesThatAreAskedFor) {
    NovelTaskFixture task({.images = {3, 2}});
    ASSERT_EQ(task.folds.size(), 3u);
    // Of one class the second image is asked for twice: folds of unequal numbers count by their images.
    task.folds[2].query.labels.pop_back();
    task.folds[2].query.images.resize(task.folds[2].query.images.size() / 2);
    const space::Genotype encode = task.encodes(1).front();
    const FoldResult result = task.fitness().judge(std::span(&encode, 1)).front();
    double loss = 0;
    double right = 0;
    for (const data::Task& fold : task.folds) {
        meta::TaskPlan& plan = task.engine.net.plans().plan(encode, meta::shape_of(fold, meta::Statistics::support));
        const nn::PassResult one = meta::Adaptation({1, 0.1F}).run(plan, fold);
        loss += one.loss * fold.query.count();
        right += one.accuracy * fold.query.count();
    }
    EXPECT_DOUBLE_EQ(result.loss, loss / 5);
    EXPECT_DOUBLE_EQ(result.accuracy, right / 5);
    EXPECT_DOUBLE_EQ(result.fitness(), std::exp(-loss / 5));
}

TEST(FoldFitness, BelongsToTheEncodeWhoeverElseIsJudged) {
    NovelTaskFixture task;
    FoldFitness fitness = task.fitness();
    const auto encodes = task.encodes(3);
    const auto all = fitness.judge(encodes);
    for (std::size_t i = 0; i < encodes.size(); ++i) {
        const FoldResult alone = fitness.judge(std::span(encodes).subspan(i, 1)).front();
        EXPECT_EQ(alone.loss, all[i].loss);
        EXPECT_EQ(alone.accuracy, all[i].accuracy);
    }
    EXPECT_NE(all[0].loss, all[1].loss);
    EXPECT_TRUE(fitness.judge({}).empty());
}

TEST(FoldFitness, OfABrokenNetworkIsNoNumber) {
    NovelTaskFixture task;
    auto& weights = task.engine.net.supernet().weights();
    task.engine.net.backend().fill(task.engine.net.supernet().context(), weights.values(), {0, weights.size()},
                                   std::numeric_limits<double>::quiet_NaN());
    const FoldResult result = task.fitness().judge(task.encodes(1)).front();
    EXPECT_TRUE(std::isnan(result.loss));
    EXPECT_TRUE(std::isnan(result.fitness()));
}

}  // namespace
}  // namespace atnas::engine
