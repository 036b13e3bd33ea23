// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/adaptation.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace atnas::app {
namespace {

AdaptationReport some() {
    AdaptationReport report;
    report.data = "mine";
    report.classes = 3;
    report.images = 7;
    report.fewest = 1;
    report.most = 4;
    report.folds = 4;
    report.budget = "50 encodes";
    report.first = {"a", {std::log(2.0), 0.5}, 10, 100};
    report.best = {{"b", {std::log(1.25), 0.75}, 11, 110}, {"c", {std::log(1.6), 0.7}, 12, 120}};
    report.found = report.best.front();
    report.evaluations = 48;
    return report;
}

TEST(AdaptationReport, SaysWhatTheArchitectureAddedAndThatItIsOptimistic) {
    const std::string text = text_of(some());
    for (const char* words : {"3 classes of 1 ... 4 image(s)", "weights alone               0.5000      50.00 %",
                              "weights and architecture    0.8000      75.00 %", "optimistic", "48 encodes judged"})
        EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
    EXPECT_EQ(text.find("another run"), std::string::npos);
    AdaptationReport careful = some();
    careful.cautious = true;
    EXPECT_NE(text_of(careful).find("is taken"), std::string::npos);
    careful.best = {careful.first};
    EXPECT_NE(text_of(careful).find("not better beyond luck"), std::string::npos);
    AdaptationReport timed = some();
    timed.timed = true;
    EXPECT_NE(text_of(timed).find("another run may judge others"), std::string::npos);
    AdaptationReport none = some();
    none.search = evo::Kind::fixed;
    EXPECT_EQ(text_of(none).find("optimistic"), std::string::npos);
}

TEST(AdaptationReport, FiguresAreThoseOfTheBest) {
    const nlohmann::json document = json_of(some());
    EXPECT_DOUBLE_EQ(document["weights_alone"]["fitness"], 0.5);
    ASSERT_EQ(document["members"].size(), 2u);
    EXPECT_EQ(document["members"][0]["encode"], "b");
    EXPECT_EQ(document["reproducible"], true);
    const auto figures = figures_of(some());
    EXPECT_DOUBLE_EQ(figures.at("fold_accuracy"), 0.75);
    EXPECT_DOUBLE_EQ(figures.at("weights_alone_fold_fitness"), 0.5);
}

TEST(AdaptationReport, APlanSaysWhatWillBeDone) {
    AdaptationReport report = some();
    report.search = evo::Kind::islands;
    const nlohmann::json plan = plan_json_of(report);
    EXPECT_EQ(plan["classes"], 3);
    EXPECT_EQ(plan["images_per_class"], nlohmann::json({1, 4}));
    EXPECT_EQ(plan["budget"], "50 encodes");
    EXPECT_EQ(plan["search"], "islands");
    for (const char* result : {"evaluations", "members", "found", "seconds"}) EXPECT_FALSE(plan.contains(result));
}

}  // namespace
}  // namespace atnas::app
