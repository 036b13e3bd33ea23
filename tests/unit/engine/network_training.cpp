// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/network_training.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/engine/image_score.hpp"
#include "atnas/engine/predictor.hpp"
#include "support/small_classification.hpp"

namespace atnas::engine {
namespace {

using test::SmallTraining;

/// On images that were not learned.
ImageScore score_of(SmallTraining& small) {
    const data::ImageSet others = test::halves(20, 2);
    Predictor judged(*small.device, test::small_network(), small.training.record(), 8);
    return score(judged, {others, others.class_names}, 8, small.communicator);
}

TEST(NetworkTraining, LearnsToTellOtherImagesOfTheClassesApart) {
    SmallTraining small(test::small_training(30));
    const ImageScore before = score_of(small);
    const std::vector<double> losses = small.run(0, 30);
    const ImageScore after = score_of(small);
    EXPECT_LT(losses.back(), 0.5 * losses.front());
    EXPECT_LT(before.accuracy(), 0.8);
    EXPECT_GT(after.accuracy(), 0.95);
    EXPECT_LT(after.loss, 0.5 * before.loss);
}

TEST(NetworkTraining, LearnsWithMomentumAndADecayingAverageToo) {
    NetworkTrainingOptions options = test::small_training(30);
    options.outer = {.kind = meta::OptimizerKind::sgd,
                     .rate = 0.1,
                     .schedule = meta::Schedule::cosine,
                     .iterations = 30,
                     .warmup = 5,
                     .weight_decay = 1e-3,
                     .average = 0.8};
    SmallTraining small(options);
    small.run(0, 30);
    EXPECT_GT(score_of(small).accuracy(), 0.95);
    EXPECT_NE(small.training.record().weights,
              nn::download(*small.device, small.network.context(), small.network.weights().values()))
        << "the average is what counts";
}

TEST(NetworkTraining, SmoothLabelsAreForTheLossThatIsLearnedFromAlone) {
    NetworkTrainingOptions options = test::small_training(60);
    options.label_smoothing = 0.3;
    SmallTraining small(options);
    const double loss = small.run(0, 60).back();
    const ImageScore score = score_of(small);
    // Targets of 0.8, 0.1 and 0.1 have an entropy below which no loss is; one of the label alone can be.
    const double entropy = -0.8 * std::log(0.8) - 0.2 * std::log(0.1);
    EXPECT_GE(loss, entropy);
    EXPECT_LT(loss, 1.2 * entropy);
    EXPECT_LT(score.loss, 0.7 * entropy);
    EXPECT_GT(score.accuracy(), 0.95);
    EXPECT_GT(score.loss, 0.6 * -std::log(0.8)) << "a network that learned such labels is not surer than they are";
}

/// Six steps at once give what two and four do, and measuring time between them changes nothing. Returns their losses.
std::vector<double> expect_steps_are_functions(const NetworkTrainingOptions& options) {
    SmallTraining one(options);
    SmallTraining other(options);
    std::vector<double> losses = one.run(0, 6);
    other.run(0, 2);
    EXPECT_GT(other.training.seconds_per_step(), 0);
    other.run(2, 6);
    const io::NetworkRecord a = one.training.record();
    const io::NetworkRecord b = other.training.record();
    EXPECT_EQ(a.weights, b.weights);
    EXPECT_EQ(a.moments, b.moments);
    return losses;
}

TEST(NetworkTraining, AStepIsAFunctionOfItsNumberAndTheWeights) {
    expect_steps_are_functions(test::small_training(6));
}

TEST(NetworkTraining, MixedStepsAreFunctionsOfTheirNumbersToo) {
    NetworkTrainingOptions options = test::small_training(6);
    options.mixup = 0.5;
    SmallTraining unmixed(test::small_training(6));
    EXPECT_NE(expect_steps_are_functions(options), unmixed.run(0, 6));
}

TEST(NetworkTraining, MixedImagesAreLearnedByMixedLabels) {
    NetworkTrainingOptions options = test::small_training(60);
    SmallTraining plain(options);
    options.mixup = 1;
    SmallTraining mixed(options);
    const auto late = [](const std::vector<double>& losses) {
        return std::accumulate(losses.end() - 10, losses.end(), 0.0) / 10;
    };
    const double of_labels = late(plain.run(0, 60));
    const double of_mixtures = late(mixed.run(0, 60));
    EXPECT_LT(of_labels, 0.1);
    // Of two thirds of the pairs the classes differ. Their labels, weighed by w and 1 - w, have an entropy of 1/2 on
    // average, which is the least that their loss can be.
    EXPECT_GT(of_mixtures, 0.25);
    EXPECT_LT(of_mixtures, 0.7);
    EXPECT_GT(score_of(mixed).accuracy(), 0.95);
}

TEST(NetworkTraining, LostEdgesAreOfTrainingAlone) {
    NetworkTrainingOptions options = test::small_training(30);
    SmallTraining whole(options);
    options.drop_path = 0.5;
    SmallTraining losing(options);
    ASSERT_GT(losing.training.drops(), 0);
    EXPECT_EQ(whole.training.drops(), 0);
    // Nothing is lost in the first step, nor in a network that has learned.
    EXPECT_EQ(losing.run(0, 1), whole.run(0, 1));
    const io::NetworkRecord a = whole.training.record();
    const io::NetworkRecord b = losing.training.record();
    EXPECT_EQ(a.weights, b.weights);
    EXPECT_EQ(a.moments, b.moments);
    EXPECT_NE(losing.run(1, 30), whole.run(1, 30));
    EXPECT_GT(score_of(losing).accuracy(), 0.9);
}

TEST(NetworkTraining, WhatIsLostIsAFunctionOfTheStep) {
    NetworkTrainingOptions options = test::small_training(6);
    options.drop_path = 0.5;
    SmallTraining one(options);
    SmallTraining other(options);
    one.run(0, 6);
    other.run(0, 2);
    EXPECT_GT(other.training.seconds_per_step(), 0);
    static_cast<void>(other.training.record());
    other.run(2, 6);
    EXPECT_EQ(one.training.record().weights, other.training.record().weights);
}

TEST(NetworkTraining, EpochsAreCountedInSteps) {
    const NetworkTrainingOptions options{.batches = 2, .images = 50};
    EXPECT_EQ(options.images_per_step(), 100);
    EXPECT_EQ(options.steps_for(3, 1000), 30);
    EXPECT_EQ(options.steps_for(1, 149), 1);
    EXPECT_EQ(options.steps_for(0.1, 10), 1) << "one at least";
    EXPECT_EQ(options.steps_for(1e9, 60000), std::numeric_limits<int>::max()) << "as many as can be counted";
}

TEST(NetworkTraining, TheRateRisesInATenthOfTheStepsAtMost) {
    NetworkTrainingOptions options = test::small_training(30);
    options.outer.warmup = 50;
    SmallTraining small(options);
    small.training.set_steps(200);
    EXPECT_EQ(small.training.options().outer.warmup, 20);
    EXPECT_EQ(small.training.options().outer.iterations, 200);
    small.training.set_steps(100000);
    EXPECT_EQ(small.training.options().outer.warmup, 50);
}

}  // namespace
}  // namespace atnas::engine
