// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/evidence.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "atnas/core/random.hpp"

namespace atnas::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(Evidence, FitnessIsTheMean) {
    const auto evidence = evidence_of({{0.5, 1.0, 0.75}, {0.25, 0.5, 0.75}});
    EXPECT_EQ(evidence[0].fitness, (0.5 + 1.0 + 0.75) / 3);
    EXPECT_EQ(evidence[1].fitness, 0.5);
    EXPECT_EQ(evidence[0].tasks, 3);
}

TEST(Evidence, HardTasksAreNoError) {
    // The second is better by the same on every task, however hard.
    for (const Evidence& each : evidence_of({{0.1, 0.9, 0.5}, {0.2, 1.0, 0.6}})) EXPECT_NEAR(each.error, 0, 1e-12);
}

TEST(Evidence, ErrorsOfTwoMakeThatOfTheirPairedDifference) {
    const std::vector<double> a{0.5, 0.75, 0.25, 1.0};
    const std::vector<double> b{0.25, 0.75, 0.5, 0.5};
    double mean = 0;
    double squares = 0;
    for (std::size_t t = 0; t < 4; ++t) mean += (a[t] - b[t]) / 4;
    for (std::size_t t = 0; t < 4; ++t) squares += std::pow(a[t] - b[t] - mean, 2);
    const auto evidence = evidence_of({a, b});
    EXPECT_NEAR(std::hypot(evidence[0].error, evidence[1].error), std::sqrt(squares / 3 / 4), 1e-12);
}

TEST(Evidence, NothingToCompareHasNoError) {
    EXPECT_EQ(evidence_of({{0.5, 0.75}})[0].error, 0);
    EXPECT_EQ(evidence_of({{0.5}, {0.75}})[1].error, 0);
}

TEST(Evidence, WhoIsBrokenCountsForNobody) {
    const std::vector<double> a{0.5, 0.75, 0.25};
    const std::vector<double> b{0.25, 0.75, 0.5};
    const auto evidence = evidence_of({a, {0.5, nan, 0.5}, b, {}});
    const auto without = evidence_of({a, b});
    EXPECT_TRUE(std::isnan(evidence[1].fitness));
    EXPECT_TRUE(std::isnan(evidence[3].fitness));
    EXPECT_EQ(evidence[1].tasks, 0);
    EXPECT_EQ(evidence[0].fitness, without[0].fitness);
    EXPECT_EQ(evidence[2].error, without[1].error);
}

TEST(Evidence, WhoStoppedEarlyIsCorrectedByHowHardTheRestWas) {
    // Those that saw all lost 0.25 and 0.125 on the whole of it.
    const auto evidence = evidence_of({{0.75, 0.75, 0.25, 0.25}, {0.5, 0.5}, {0.5, 0.75, 0.375, 0.375}, {0.0, 0.0}});
    EXPECT_DOUBLE_EQ(evidence[1].fitness, 0.5 - 0.1875);
    EXPECT_EQ(evidence[3].fitness, 0) << "an accuracy all the same";
    EXPECT_EQ(evidence[1].tasks, 2);
    EXPECT_EQ(evidence[0].fitness, 0.5) << "of itself";
}

TEST(Evidence, OfPartsWithOtherGenotypesIsFromTheMeanOfEach) {
    // Alone, or with the worse ones gone: the level of the rest is no error.
    const auto evidence = evidence_of({{0.5, 0.6, 1.0, 0.7}, {0.2, 0.3}, {0.2, 0.3}});
    EXPECT_NEAR(evidence[0].error, 0, 1e-12);
    // The variance of the part that can be compared, over all that was seen.
    const std::vector<double> a{0.5, 0.75, 0.25, 1.0};
    const std::vector<double> b{0.25, 0.75, 0.5, 0.5};
    std::vector<double> longer = a;
    longer.insert(longer.end(), 4, 0.9);
    EXPECT_NEAR(evidence_of({longer, b})[0].error, evidence_of({a, b})[0].error / std::sqrt(2), 1e-12);
}

TEST(Remember, NothingWithoutMemory) {
    std::vector<Evidence> now{{0.5, 0.1, 3}, {0.7, 0.1, 3}};
    remember(now, std::vector<std::optional<Evidence>>{Evidence{0.1, 0.1, 9}, Evidence{0.9, 0.1, 9}}, 0);
    EXPECT_EQ(now[0].fitness, 0.5);
    EXPECT_EQ(now[0].tasks, 3);
}

TEST(Remember, EldersAreJoinedOnThePresentScale) {
    std::vector<Evidence> now{{0.5, 0.1, 4}, {0.75, 0.1, 4}, {0.9, 0.1, 4}, {nan, 0, 0}};
    // All of 0.25 more than before, but for luck of 0.125.
    const std::vector<std::optional<Evidence>> former{
        Evidence{0.375, 0.05, 16}, Evidence{0.375, 0.05, 16}, {}, Evidence{0.1, 0.05, 16}};
    remember(now, former, 0.25);
    // c = (0.125 + 0.375) / 2, m n = T.
    EXPECT_DOUBLE_EQ(now[0].fitness, (0.625 + 0.5) / 2);
    EXPECT_DOUBLE_EQ(now[1].fitness, (0.625 + 0.75) / 2);
    EXPECT_EQ(now[0].tasks, 8);
    EXPECT_EQ(now[2].fitness, 0.9) << "a newcomer";
    EXPECT_EQ(now[2].tasks, 4);
    EXPECT_TRUE(std::isnan(now[3].fitness)) << "broken, whatever it was";
}

TEST(Remember, OneElderAloneLearnsNothing) {
    std::vector<Evidence> now{{0.5, 0.1, 4}, {0.75, 0.1, 4}};
    remember(now, std::vector<std::optional<Evidence>>{Evidence{0.1, 0.05, 16}, {}}, 1);
    EXPECT_EQ(now[0].fitness, 0.5);
    EXPECT_EQ(now[0].tasks, 4);
    EXPECT_EQ(now[0].error, 0.1);
}

TEST(Remember, FitnessStaysAnAccuracy) {
    std::vector<Evidence> now{{1.0, 0.1, 1}, {0.5, 0.1, 1}};
    remember(now, std::vector<std::optional<Evidence>>{Evidence{0.9, 0.1, 9}, Evidence{0.1, 0.1, 9}}, 1);
    EXPECT_EQ(now[0].fitness, 1);
}

/// Many elders of known quality, judged on tasks of known noise.
TEST(Remember, ErrorIsThatOfTheFitness) {
    constexpr std::size_t networks = 40;
    constexpr std::size_t tasks = 8;
    RandomStream random({.seed = 5, .purpose = Purpose::population});
    const auto noise = [&] { return 0.1 * (2 * random.uniform() - 1); };
    double squares = 0;
    double claimed = 0;
    for (int trial = 0; trial < 50; ++trial) {
        std::vector<std::optional<Evidence>> former(networks);
        std::vector<Evidence> now;
        for (int generation = 0; generation < 3; ++generation) {
            const double level = 0.4 + 0.1 * generation;
            std::vector<double> hard(tasks);
            for (double& each : hard) each = noise();
            Accuracies accuracies;
            for (std::size_t k = 0; k < networks; ++k) {
                std::vector<double>& row = accuracies.emplace_back();
                for (const double each : hard) row.push_back(level + 0.005 * static_cast<double>(k) + each + noise());
            }
            now = evidence_of(accuracies);
            remember(now, former, 1);
            former.assign(now.begin(), now.end());
        }
        double offset = 0;
        for (std::size_t k = 0; k < networks; ++k)
            offset += (now[k].fitness - 0.005 * static_cast<double>(k)) / networks;
        for (std::size_t k = 0; k < networks; ++k) {
            squares += std::pow(now[k].fitness - 0.005 * static_cast<double>(k) - offset, 2);
            claimed += now[k].error * now[k].error;
        }
        EXPECT_EQ(now[0].tasks, 3 * tasks);
    }
    EXPECT_NEAR(claimed / squares, 1, 0.1);
}

}  // namespace
}  // namespace atnas::engine
