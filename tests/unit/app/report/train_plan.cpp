// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/train_plan.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace atnas::app {
namespace {

TrainPlan sample() {
    TrainPlan plan{.train = 36,
                   .validation = 6,
                   .test = 18,
                   .classes = 3,
                   .changes = "flip, crop 4",
                   .kind = "cell",
                   .channels = 4,
                   .parameters = 1234,
                   .macs = 5678901,
                   .steps = 10,
                   .folder = "net.run"};
    plan.options.evaluations = 5;
    plan.options.trial_steps = 7;
    plan.options.micro_batch = 8;
    plan.options.batch = 16;
    plan.options.epochs = 3.5;
    plan.options.mixup = 0.4;
    return plan;
}

TEST(TrainPlan, TextAndFiguresSayTheSame) {
    const std::string text = text_of(sample());
    for (const char* words :
         {"36 to train, 6 to validate and 18 to test on, in 3 classes", "changes of images    flip, crop 4\n",
          "cell of 4 channels, from the meta-network's",
          "size                 1234 parameters, 5.68 million multiply-adds per image, before the search\n",
          "5 encodes, each trained for 7 steps of 8 images and judged on 6", " 10 steps of 16 images (3.5 epochs)",
          "adamw, rate 0.012, weight decay 0.02, mixup 0.4\n", "run folder           net.run"})
        EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
    const nlohmann::json said = json_of(sample());
    EXPECT_EQ(said["train_images"], 36);
    EXPECT_EQ(said["test_images"], 18);
    EXPECT_EQ(said["trial_images"], 6) << "more were asked for than are held out";
    EXPECT_EQ(said["steps"], 10);
    EXPECT_EQ(said["parameters"], 1234);
    EXPECT_EQ(said["macs"], 5678901);
    EXPECT_EQ(said["settings"]["train.search"], "islands");
    EXPECT_EQ(said["settings"]["train.mixup"], "0.4");
    EXPECT_FALSE(said.contains("time"));
}

TEST(TrainPlan, WhatIsNotDoneHasNoFigures) {
    TrainPlan plan = sample();
    plan.options.search = TrainSearch::none;
    plan.options.time = 60;
    EXPECT_NE(text_of(plan).find("search               none\n"), std::string::npos);
    EXPECT_NE(text_of(plan).find("multiply-adds per image\n"), std::string::npos);
    EXPECT_NE(text_of(plan).find("at most 10 steps"), std::string::npos);
    EXPECT_NE(text_of(plan).find("60 s for everything"), std::string::npos);
    EXPECT_FALSE(json_of(plan).contains("trial_images"));
    EXPECT_EQ(json_of(plan)["time"], 60);
}

}  // namespace
}  // namespace atnas::app
