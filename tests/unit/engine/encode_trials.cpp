// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/encode_trials.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "support/small_classification.hpp"

namespace atnas::engine {
namespace {

class EncodeTrialsTest : public testing::Test {
  protected:
    std::vector<double> fitness(
        std::span<const space::Genotype> encodes, int steps, const StartingWeights& start = {},
        const std::function<bool()>& interrupted = [] { return false; }) {
        return fitness_with(test::small_training(steps), encodes, start, interrupted);
    }
    std::vector<double> fitness_with(
        const NetworkTrainingOptions& training, std::span<const space::Genotype> encodes,
        const StartingWeights& start = {}, const std::function<bool()>& interrupted = [] { return false; }) {
        EncodeTrials trials({*device_, costs_, sharing_, alone_}, test::small_network(),
                            {{learned_, learned_.class_names}, {held_out_, held_out_.class_names}}, {training, start});
        return trials.run(encodes, interrupted);
    }

    comm::Communicator alone_;
    std::unique_ptr<backend::Backend> device_ = backend::make_backend(backend::BackendKind::reference);
    space::CostModel costs_{test::small_network()};
    WorkSharing sharing_{alone_};
    data::ImageSet learned_ = test::halves();
    data::ImageSet held_out_ = test::halves(10, 2);
    std::vector<space::Genotype> encodes_{test::some_genotype(0), test::some_genotype(1), test::some_genotype(2)};
};

TEST_F(EncodeTrialsTest, MoreStepsMakeEncodesFitter) {
    const std::vector<double> little = fitness(encodes_, 1);
    const std::vector<double> more = fitness(encodes_, 15);
    for (std::size_t e = 0; e < encodes_.size(); ++e) {
        EXPECT_GT(little[e], 0);
        EXPECT_GT(more[e], little[e]);
        EXPECT_LE(more[e], 1);
    }
}

TEST_F(EncodeTrialsTest, ATrialIsAFunctionOfItsEncodeAlone) {
    const std::vector<double> all = fitness(encodes_, 3);
    EXPECT_NE(all[0], all[1]);
    EXPECT_EQ(fitness(std::span(encodes_).subspan(1, 1), 3).front(), all[1]);
}

TEST_F(EncodeTrialsTest, SmoothLabelsAreLearnedAndScoresArePlain) {
    const std::span<const space::Genotype> first(encodes_.data(), 1);
    NetworkTrainingOptions training = test::small_training(60);
    const double plain = fitness_with(training, first).front();
    training.label_smoothing = 0.3;
    const double smooth = fitness_with(training, first).front();
    EXPECT_LT(smooth, plain) << "less sure";
    const double entropy = -0.8 * std::log(0.8) - 0.2 * std::log(0.1);
    EXPECT_GT(smooth, std::exp(-0.7 * entropy)) << "a loss of smooth labels would be above their entropy";
}

TEST_F(EncodeTrialsTest, StartsFromStoredWeights) {
    // What one trial of the same encode has learned before.
    test::SmallTraining before(test::small_training(20));
    before.run(0, 20);
    io::CheckpointState stored;
    const io::NetworkRecord record = before.training.record();
    stored.manifest = record.manifest;
    stored.weights = record.weights;
    const std::span<const space::Genotype> first(encodes_.data(), 1);
    EXPECT_GT(fitness(first, 1, {&stored}).front(), fitness(first, 1).front());
}

TEST_F(EncodeTrialsTest, WhatIsInterruptedIsNotTried) {
    const std::vector<double> some = fitness(encodes_, 2, {}, [] { return true; });
    EXPECT_EQ(some.size(), 3U);
    EXPECT_EQ(std::ranges::count_if(some, [](double value) { return !std::isnan(value); }), 1) << "one is always made";
}

}  // namespace
}  // namespace atnas::engine
