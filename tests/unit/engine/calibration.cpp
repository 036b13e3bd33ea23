// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/calibration.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace atnas::engine {
namespace {

TEST(WilsonInterval, IsThatOfTheTables) {
    // 8 of 10: statsmodels.stats.proportion.proportion_confint(8, 10, method="wilson").
    const Interval some = wilson_interval(8, 10);
    EXPECT_NEAR(some.low, 0.490162, 1e-6);
    EXPECT_NEAR(some.high, 0.943318, 1e-6);
    const Interval none = wilson_interval(0, 10);
    EXPECT_NEAR(none.low, 0, 1e-12);
    EXPECT_NEAR(none.high, 0.277533, 1e-6);
    EXPECT_NEAR(wilson_interval(10, 10).low, 1 - 0.277533, 1e-6);
    EXPECT_NEAR(wilson_interval(10, 10).high, 1, 1e-12);
}

TEST(WilsonInterval, ShrinksWithTheRootOfTheCount) {
    const Interval few = wilson_interval(9000, 10000);
    const Interval many = wilson_interval(36000, 40000);
    EXPECT_NEAR((few.high - few.low) / (many.high - many.low), 2, 1e-3);
    EXPECT_NEAR(few.high - few.low, 2 * 1.96 * std::sqrt(0.9 * 0.1 / 10000), 1e-5);
}

TEST(Entropy, FromSureToNoIdea) {
    EXPECT_EQ(entropy(std::vector<float>{0, 1, 0}), 0);
    EXPECT_NEAR(entropy(std::vector<float>{0.25f, 0.25f, 0.25f, 0.25f}), std::log(4.0), 1e-7);
    EXPECT_NEAR(entropy(std::vector<float>{0.5f, 0.25f, 0.25f}), 1.5 * std::log(2.0), 1e-7);
}

TEST(MostProbable, IsTheFirstOfEqualOnes) {
    EXPECT_EQ(most_probable(std::vector<float>{0.1f, 0.45f, 0.45f}), 1u);
}

TEST(CrossEntropy, IsThatOfTheLabel) {
    const std::vector<float> row{0.5f, 0.125f, 0.375f};
    EXPECT_NEAR(cross_entropy(row, 0), std::log(2.0), 1e-12);
    EXPECT_NEAR(cross_entropy(row, 1), std::log(8.0), 1e-12);
}

TEST(CrossEntropy, IsBoundedUnlessItIsNoNumber) {
    const float none = std::numeric_limits<float>::quiet_NaN();
    EXPECT_NEAR(cross_entropy(std::vector<float>{1, 0}, 1), 149 * std::log(2.0), 1e-9);
    EXPECT_EQ(cross_entropy(std::vector<float>{none, 0.5f}, 0), std::numeric_limits<double>::infinity());
}

TEST(CrossEntropy, ItsMeanIsOverImages) {
    const std::vector<float> rows{0.5f, 0.5f, 0.25f, 0.75f, 0.125f, 0.875f};
    EXPECT_NEAR(mean_cross_entropy(rows, std::vector{1, 0, 0}), (1 + 2 + 3) * std::log(2.0) / 3, 1e-12);
}

TEST(CalibrationError, ComparesConfidenceWithWhatIsRight) {
    // Two images at 0.9, one of them right; two at 0.6, both right: (|2 x 0.9 - 1| + |2 x 0.6 - 2|) / 4.
    const std::vector<float> rows{0.9f, 0.1f, 0.1f, 0.9f, 0.6f, 0.4f, 0.4f, 0.6f};
    EXPECT_NEAR(calibration_error(rows, std::vector{0, 0, 0, 1}), 0.4, 1e-6);
    // In one bin their errors of opposite signs meet: |3.0 - 3| / 4.
    EXPECT_NEAR(calibration_error(rows, std::vector{0, 0, 0, 1}, 1), 0, 1e-6);
}

TEST(CalibrationError, OfExtremes) {
    EXPECT_EQ(calibration_error(std::vector<float>{1, 0, 0, 1}, std::vector{0, 1}), 0);
    EXPECT_EQ(calibration_error(std::vector<float>{1, 0, 0, 1}, std::vector{1, 0}), 1);
    // What is on the edge of two bins belongs to the lower one: errors of the other do not cancel its own.
    const std::vector<float> rows{0.5f, 0.5f, 0.51f, 0.49f};
    EXPECT_NEAR(calibration_error(rows, std::vector{0, 1}, 4), (0.5 + 0.51) / 2, 1e-6);
}

TEST(ShareRight, CountsImagesWhoseMostProbableClassIsTheirLabel) {
    const std::vector<float> probabilities{0.2F, 0.8F, 0.5F, 0.5F, 0.9F, 0.1F, 0.3F, 0.7F};
    EXPECT_EQ(share_right(probabilities, std::vector{1, 0, 1, 1}), 0.75) << "of equal ones the first";
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    EXPECT_EQ(share_right(std::vector{nan, nan, 0.3F, 0.7F}, std::vector{0, 1}), 0.5);
}

}  // namespace
}  // namespace atnas::engine
