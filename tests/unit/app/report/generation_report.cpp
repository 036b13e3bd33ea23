// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/generation_report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace atnas::app {
namespace {

space::NetworkOptions network() {
    return {.channels = 4, .image = {1, 12, 12}, .cell = {.cells = 2, .reductions = {1}}};
}

class GenerationReportTest : public ::testing::Test {
  protected:
    std::unique_ptr<space::SearchSpace> space_ = space::make_search_space(network());
    space::CostModel costs_{network()};
    space::Genotype dear_ = space_->from_text("og_v2");
    space::Genotype cheap_ = [this] {
        RandomStream random({.seed = 3, .purpose = Purpose::population});
        space::Genotype genotype = space_->sample(random);
        while (costs_.subnet(genotype).macs >= costs_.subnet(dear_).macs) genotype = space_->sample(random);
        return genotype;
    }();
};

TEST_F(GenerationReportTest, NothingBeforeTheFirstGeneration) {
    const auto report = newest_generation({}, {}, *space_, costs_);
    EXPECT_EQ(report.best_encode, "");
    EXPECT_TRUE(nlohmann::json::parse(json_of(report).dump())["best_fitness"].is_null());
    EXPECT_FALSE(best_of_newest_generation({}, costs_));
}

TEST_F(GenerationReportTest, TheNewestGenerationAlone) {
    const std::vector<io::HistoryRecord> history{{0, 2, 0, 0.9, 0.9, dear_},
                                                 {0, 2, 1, 0.1, 0.1, dear_},
                                                 {1, 4, 0, 0.5, 0.2, dear_},
                                                 {1, 4, 1, 0.6, 0.4, cheap_}};
    const std::vector<double> losses{9, 9, 1, 2, 7};  // one iteration after the generation
    const auto report = newest_generation(history, losses, *space_, costs_);
    EXPECT_EQ(report.generation, 1);
    EXPECT_EQ(report.iteration, 4);
    EXPECT_EQ(report.best_fitness, 0.6);
    EXPECT_DOUBLE_EQ(report.mean_fitness, 0.3);
    EXPECT_EQ(report.loss, 1.5);
    EXPECT_EQ(report.best_encode, space_->to_text(cheap_));
    EXPECT_EQ(report.macs, costs_.subnet(cheap_).macs);
}

TEST_F(GenerationReportTest, TheCorrelationOfASurrogateWhereThereIsOne) {
    GenerationReport report;
    EXPECT_FALSE(json_of(report).contains("surrogate_correlation"));
    report.surrogate_correlation = 0.5;
    EXPECT_EQ(json_of(report)["surrogate_correlation"], 0.5);
    report.surrogate_correlation = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(json_of(report)["surrogate_correlation"].dump(), "null");
}

TEST_F(GenerationReportTest, TheFrontIsThatOfTheGeneration) {
    GenerationReport report;
    report.generation = 1;
    const std::vector<io::FrontRecord> fronts{
        {0, 0.1, 0.9, 9, 99, 9, 9, dear_}, {1, 0.2, 0.6, 5, 50, 7, 2.5, dear_}, {1, 0.2, 0.4, 4, 40, 6, 1.5, cheap_}};
    add_front(std::span(fronts).first(1), *space_, report);
    EXPECT_TRUE(report.front.empty()) << "nobody of this one had an accuracy";
    EXPECT_FALSE(json_of(report).contains("hypervolume"));
    add_front(fronts, *space_, report);
    const auto document = json_of(report);
    EXPECT_EQ(document["hypervolume"], 0.2);
    ASSERT_EQ(document["front"].size(), 2u);
    EXPECT_EQ(document["front"][0]["macs"], 50);
    EXPECT_EQ(document["front"][0]["memory"], 7);
    EXPECT_EQ(document["front"][1]["latency"], 1.5);
    EXPECT_EQ(document["front"][1]["encode"], space_->to_text(cheap_));
    EXPECT_EQ(document["front"][1]["fitness"], 0.4);
    EXPECT_EQ(document["front"][1]["params"], 4);
}

TEST_F(GenerationReportTest, TiesGoToFewerMacs) {
    const std::vector<io::HistoryRecord> history{{0, 1, 0, 0.5, 0.5, dear_}, {0, 1, 1, 0.5, 0.5, cheap_}};
    EXPECT_EQ(best_of_newest_generation(history, costs_)->genotype, cheap_);
}

}  // namespace
}  // namespace atnas::app
