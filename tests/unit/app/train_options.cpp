// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/train_options.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace atnas::app {
namespace {

TEST(TrainOptions, AStepIsMadeOfWholeMiniBatches) {
    TrainOptions options;
    EXPECT_TRUE(problems_of(options).empty());
    const engine::NetworkTrainingOptions training = network_training(options, {}, 7);
    EXPECT_EQ(training.images_per_step(), options.batch);
    EXPECT_EQ(training.seed, 7U);
    options.batch = 100;
    ASSERT_EQ(problems_of(options).size(), 1U);
    EXPECT_NE(problems_of(options).front().suggestion.find("--batch=128"), std::string::npos);
}

TEST(TrainOptions, AnEncodeNeedsNoSearch) {
    TrainOptions options;
    options.encode = "normal=...";
    EXPECT_EQ(problems_of(options).size(), 1U);
    options.search = TrainSearch::none;
    EXPECT_TRUE(problems_of(options).empty());
}

TEST(TrainOptions, DecayLeavesSomethingOfAWeight) {
    TrainOptions options;
    options.optimizer.rate = 0.1;
    options.optimizer.weight_decay = 10;
    EXPECT_EQ(problems_of(options).size(), 1U);
}

TEST(TrainOptions, ATrialIsAsLongAsItIsTold) {
    TrainOptions options;
    options.trial_steps = 30;
    options.optimizer.average = 0.9;
    options.label_smoothing = 0.1;
    options.mixup = 0.4;
    options.drop_path = 0.2;
    const engine::NetworkTrainingOptions trial = trial_training(options, {}, 1);
    EXPECT_EQ(trial.outer.iterations, 30);
    EXPECT_EQ(trial.outer.warmup, 3) << "most of it at the full rate";
    EXPECT_EQ(trial.images_per_step(), options.micro_batch);
    EXPECT_EQ(trial.label_smoothing, 0.1) << "encodes are tried as the network is trained";
    EXPECT_EQ(trial.mixup, 0);
    EXPECT_EQ(trial.drop_path, 0);
    EXPECT_EQ(trial.outer.average, 0) << "an average over so few steps would be of the beginning";
}

TEST(TrainOptions, SettingsTellWhatResultsDependOn) {
    const auto before = settings_of({});
    TrainOptions options;
    options.time = 10;
    options.json = "x.json";
    EXPECT_EQ(settings_of(options), before);
    options.optimizer.rate = 0.5;
    auto after = settings_of(options);
    EXPECT_NE(after, before);
    const auto rate = std::ranges::find(after, "train.rate", &std::pair<std::string, std::string>::first);
    ASSERT_NE(rate, after.end());
    EXPECT_EQ(rate->second, "0.5");
    options = {};
    options.label_smoothing = 0.1;
    EXPECT_NE(settings_of(options), before);
    options = {};
    options.mixup = 0.1;
    EXPECT_NE(settings_of(options), before);
    options = {};
    options.drop_path = 0.1;
    EXPECT_NE(settings_of(options), before);
}

TEST(TrainOptions, FromScratchNoEncodeIsARelativeOfAnother) {
    Deck deck;
    deck.evo.evolution.variation.founder_mutations = 2;
    deck.evo.evolution.variation.mutation_rate = 0.3;
    TrainOptions options;
    EXPECT_EQ(encode_search(options, deck).evolution.variation.founder_mutations, 2);
    EXPECT_EQ(encode_search(options, deck).evolution.variation.mutation_rate, 0.3);
    options.from = TrainFrom::scratch;
    EXPECT_EQ(encode_search(options, deck).evolution.variation.founder_mutations, -1);
    options.search = TrainSearch::random;
    EXPECT_EQ(encode_search(options, deck).evolution.kind, evo::Kind::random);
    EXPECT_EQ(encode_search(options, deck).migration.topology.kind, evo::TopologyKind::none);
}

}  // namespace
}  // namespace atnas::app
