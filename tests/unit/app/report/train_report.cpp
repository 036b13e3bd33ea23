// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/train_report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace atnas::app {
namespace {

TrainFigures figures() {
    TrainFigures some;
    some.encode = "normal=a";
    some.parameters = 1200;
    some.macs = 3400000;
    some.evaluations = 24;
    some.epochs = 2.5;
    some.search_seconds = 12.25;
    some.validation = {.images = 50, .right = 40, .loss = 0.5};
    some.test = {.images = 100, .right = 90, .loss = 0.25};
    return some;
}

TEST(TrainReport, PeopleReadAccuracyWithItsInterval) {
    const std::string text = text_of(figures());
    EXPECT_NE(text.find("test accuracy 90.00 % of 100 images (95 % interval 82.56 ... 94.48 %)"), std::string::npos)
        << text;
    EXPECT_NE(text.find("validation 80.00 % of 50 images"), std::string::npos) << text;
    EXPECT_NE(text.find("1200 parameters, 3.40 million multiply-adds"), std::string::npos) << text;
    EXPECT_NE(text.find("search 12.2 s (24 encodes tried)"), std::string::npos) << text;
}

TEST(TrainReport, ProgramsReadTheSame) {
    const nlohmann::json report = json_of(figures());
    EXPECT_EQ(report["encode"], "normal=a");
    EXPECT_EQ(report["accuracy"], 0.9);
    EXPECT_EQ(report["validation_accuracy"], 0.8);
    EXPECT_EQ(report["evaluations"], 24);
    EXPECT_TRUE(report["parameters"].is_number_integer());
    EXPECT_EQ(file_figures(figures()).at("search_seconds"), 12.25);
}

}  // namespace
}  // namespace atnas::app
