// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/predictions.hpp"

#include <cmath>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace atnas::app {
namespace {

Predictions sample() {
    Predictions predictions;
    predictions.network = "n.h5";
    predictions.data = "photos";
    predictions.classes = {"cat", "dog, small"};
    predictions.names = {"a.png", "b \"2\".png"};
    predictions.probabilities = {0.75f, 0.25f, 0.125f, 0.875f};
    return predictions;
}

std::string csv_of(const Predictions& predictions, ClassColumns columns = ClassColumns::usual) {
    std::ostringstream stream;
    write_csv(stream, predictions, columns);
    return stream.str();
}

TEST(Predictions, WithoutTruthNothingIsJudged) {
    Predictions predictions = sample();
    summarise(predictions);
    EXPECT_EQ(predictions.label, (std::vector{0, 1}));
    EXPECT_FALSE(predictions.score.has_value());
    EXPECT_EQ(text_of(predictions).find("accuracy"), std::string::npos);
    EXPECT_FALSE(json_of(predictions).contains("accuracy"));
    EXPECT_EQ(json_of(predictions)["predicted"]["dog, small"], 1);
}

TEST(Predictions, TruthIsComparedWithTheMostProbable) {
    Predictions predictions = sample();
    predictions.truth = {0, 0};
    summarise(predictions);
    ASSERT_TRUE(predictions.score.has_value());
    EXPECT_EQ(predictions.score->right, 1);
    EXPECT_EQ(predictions.score->accuracy, 0.5);
    EXPECT_NEAR(predictions.score->calibration_error, (0.25 + 0.875) / 2, 1e-7);
    EXPECT_NE(text_of(predictions).find("accuracy 50.00 % (95 % interval"), std::string::npos);
    EXPECT_NEAR(predictions.score->loss, (std::log(4.0 / 3) + std::log(8.0)) / 2, 1e-7);
    EXPECT_NE(text_of(predictions).find("mean cross-entropy 1.1836\n"), std::string::npos) << text_of(predictions);
    EXPECT_EQ(json_of(predictions)["accuracy"], 0.5);
    EXPECT_EQ(json_of(predictions)["loss"], predictions.score->loss);
    EXPECT_FALSE(json_of(predictions).contains("confusion"));
}

TEST(Predictions, ConfusionIsOfImagesByTheirClasses) {
    Predictions predictions = sample();
    predictions.truth = {0, 0};
    summarise(predictions);
    predictions.confusion = confusion_of(predictions);
    EXPECT_EQ(predictions.confusion->queries(0), 2);
    EXPECT_EQ(predictions.confusion->queries(1), 0);
    EXPECT_EQ(predictions.confusion->count(0, 1), 1);
    EXPECT_EQ(predictions.confusion->count(1, 0), 0);
    EXPECT_NE(text_of(predictions).find("cat taken for dog, small: 1 of 2 images"), std::string::npos);
    EXPECT_EQ(json_of(predictions)["confusion"]["classes"]["cat"]["right"], 0.5);
}

TEST(Predictions, CsvIsQuotedWhereItMustBe) {
    Predictions predictions = sample();
    summarise(predictions);
    EXPECT_EQ(csv_of(predictions),
              "file,label,probability,entropy,cat,\"dog, small\"\n"
              "a.png,cat,0.75,0.56233513,0.75,0.25\n"
              "\"b \"\"2\"\".png\",\"dog, small\",0.875,0.37677017,0.125,0.875\n");
}

TEST(Predictions, ManyClassesHaveColumnsOnRequest) {
    Predictions predictions = sample();
    predictions.classes.clear();
    for (std::size_t c = 0; c <= usual_columns; ++c) predictions.classes.push_back("c" + std::to_string(c));
    predictions.names = {"a"};
    predictions.probabilities.assign(predictions.classes.size(), 0);
    predictions.probabilities[3] = 1;
    summarise(predictions);
    EXPECT_EQ(csv_of(predictions), "file,label,probability,entropy\na,c3,1,0\n");
    EXPECT_NE(csv_of(predictions, ClassColumns::all).find(",c20\n"), std::string::npos);
}

}  // namespace
}  // namespace atnas::app
