// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/evaluate_network.hpp"

#include <gtest/gtest.h>

namespace atnas::app {
namespace {

EvaluateOptions sample() {
    EvaluateOptions options;
    options.checkpoint = "net.h5";
    options.overrides = {{"data.source", "photos", "--data"}, {"runtime.threads", "2", "command line"}};
    return options;
}

TEST(EvaluateNetwork, TakesWhatSaysWhichImages) {
    EvaluateOptions options = sample();
    options.of_drawn_tasks = {"--confusion"};
    options.confusions = Confusions::counted;
    options.challenge.invert = data::Invert::yes;
    EXPECT_TRUE(network_problems(options).empty());
    const PredictOptions prediction = labelled_prediction(options);
    EXPECT_EQ(prediction.network, "net.h5");
    EXPECT_EQ(prediction.data, "photos");
    EXPECT_EQ(prediction.labelled, Labelled::required);
    EXPECT_EQ(prediction.confusions, Confusions::counted);
    EXPECT_EQ(prediction.images.invert, data::Invert::yes);
    ASSERT_EQ(prediction.overrides.size(), 1u);
    EXPECT_EQ(prediction.overrides.front().name, "runtime.threads");
}

TEST(EvaluateNetwork, TakesWhatSaysHowImagesAreAskedFor) {
    EvaluateOptions options = sample();
    options.overrides = {{"data.source", "photos", "--data"},
                         {"task.query_copies", "4", "command line"},
                         {"data.flip", "true", "command line"}};
    EXPECT_TRUE(network_problems(options).empty());
    EXPECT_EQ(labelled_prediction(options).overrides.size(), 2u);
    options.overrides.push_back({"task.query", "4", "--query"});
    EXPECT_EQ(network_problems(options).size(), 1u);
}

TEST(EvaluateNetwork, ImagesMustBeNamed) {
    EvaluateOptions options = sample();
    options.overrides.clear();
    ASSERT_EQ(network_problems(options).size(), 1u);
    EXPECT_NE(network_problems(options).front().problem.find("--data is missing"), std::string::npos);
}

TEST(EvaluateNetwork, WhatIsAboutTasksIsRefusedInOneLine) {
    EvaluateOptions options = sample();
    options.of_drawn_tasks = {"--tasks", "--confusion", "--way"};
    options.encode = "x";
    options.challenge.runs = "runs.zip";
    options.overrides.push_back({"task.way", "5", "--way"});
    options.overrides.push_back({"meta.inner_steps", "5", "command line"});
    ASSERT_EQ(network_problems(options).size(), 1u);
    EXPECT_EQ(network_problems(options).front().problem,
              "--encode, --meta.inner_steps, --runs, --tasks, --way beside the network net.h5");
}

}  // namespace
}  // namespace atnas::app
