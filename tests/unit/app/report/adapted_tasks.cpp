// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/adapted_tasks.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace atnas::app {
namespace {

AdaptedTasks some() {
    AdaptedTasks tasks;
    tasks.split = "validation";
    tasks.first_encode = "conv4";
    tasks.query = 5;
    tasks.kinds.push_back(
        {{5, 1}, {{0.8, 0.9, 0.9, 1.0, 0.5, 0.2, 1, 10, 2.0}, {0.6, 0.8, 0.7, 0.8, 0.7, 0.1, 0, 12, 3.0}}});
    return tasks;
}

TEST(AdaptedTasks, GainsArePaired) {
    const nlohmann::json kind = json_of(some()).at("5x1");
    EXPECT_DOUBLE_EQ(kind["gain"]["mean"], 0.15);
    EXPECT_NEAR(kind["gain"]["ci95"], 1.96 * 0.05, 1e-12) << "smaller than that of either accuracy";
    EXPECT_NEAR(kind["weights_alone"]["ci95"], 1.96 * 0.1, 1e-12);
    EXPECT_NEAR(kind["gain_of_best_on_folds"]["mean"].get<double>(), 0.1, 1e-12);
    EXPECT_DOUBLE_EQ(kind["gain_over_random"]["mean"], 0.25);
    EXPECT_DOUBLE_EQ(kind["gain_on_folds"]["mean"], 0.15);
    EXPECT_NEAR(kind["gain_of_ensemble"]["mean"].get<double>(), 0.2, 1e-12);
    EXPECT_DOUBLE_EQ(kind["moved"], 0.5);
    EXPECT_DOUBLE_EQ(kind["seconds_per_task"], 2.5);
    EXPECT_EQ(kind["accuracies"]["adapted"], (std::vector{0.9, 0.8}));
}

TEST(AdaptedTasks, TextHasARowForEachKind) {
    AdaptedTasks two = some();
    two.kinds.push_back(two.kinds.front());
    two.kinds.back().kind = {20, 5};
    const std::string text = text_of(two);
    EXPECT_NE(text.find("5-way 1-shot"), std::string::npos);
    EXPECT_NE(text.find("20-way 5-shot"), std::string::npos);
    EXPECT_NE(text.find("+15.00 +- 9.80"), std::string::npos) << text;
    EXPECT_EQ(text.find("ensemble"), std::string::npos) << text;
    two.ensemble = 3;
    EXPECT_NE(text_of(two).find("ensemble of 3"), std::string::npos) << text_of(two);
    EXPECT_NE(text_of(two).find("+20.00 +- 0.00"), std::string::npos) << text_of(two);
}

}  // namespace
}  // namespace atnas::app
