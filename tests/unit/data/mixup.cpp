// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/mixup.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace atnas::data {
namespace {

constexpr int draws = 20000;

/// Central moments of the weights of many mini-batches.
struct Moments {
    double mean{0}, second{0}, fourth{0};
};
Moments moments_of(double alpha) {
    const Mixup mixup({.alpha = alpha});
    Moments moments;
    for (std::uint64_t number = 0; number < draws; ++number) {
        const double weight = static_cast<double>(mixup.mixture(number, 1).weight);
        EXPECT_GE(weight, 0);
        EXPECT_LE(weight, 1);
        const double square = (weight - 0.5) * (weight - 0.5);
        moments.mean += weight / draws;
        moments.second += square / draws;
        moments.fourth += square * square / draws;
    }
    return moments;
}

TEST(Mixup, WeightsHaveTheMomentsOfTheBetaDistribution) {
    for (const double alpha : {0.02, 0.2, 0.5, 1.0, 2.0, 30.0}) {
        const Moments moments = moments_of(alpha);
        const double second = 1 / (4 * (2 * alpha + 1));
        const double fourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3));
        // Five standard errors; that of the fourth moment is less than twice the moment.
        const double root = std::sqrt(static_cast<double>(draws));
        EXPECT_NEAR(moments.mean, 0.5, 5 * std::sqrt(second) / root) << alpha;
        EXPECT_NEAR(moments.second, second, 5 * std::sqrt(fourth - second * second) / root + 1e-6) << alpha;
        EXPECT_NEAR(moments.fourth, fourth, 5 * 4 * fourth / root) << alpha;
    }
}

TEST(Mixup, ExtremeParametersHaveWeightsToo) {
    for (const double alpha : {1e-300, 1e-6, 1000.0}) {
        const Mixture mixture = Mixup({.alpha = alpha}).mixture(3, 2);
        EXPECT_GE(mixture.weight, 0) << alpha;
        EXPECT_LE(mixture.weight, 1) << alpha;
    }
}

TEST(Mixup, AMixtureBelongsToSeedAndNumber) {
    const Mixup mixup({.seed = 3});
    const Mixture mixture = mixup.mixture(5, 40);
    EXPECT_EQ(mixup.mixture(5, 40).weight, mixture.weight);
    EXPECT_EQ(mixup.mixture(5, 40).partners, mixture.partners);
    for (const Mixture& other :
         {mixup.mixture(6, 40), mixup.mixture(5 + (std::uint64_t{1} << 32), 40), Mixup({.seed = 4}).mixture(5, 40)}) {
        EXPECT_NE(other.weight, mixture.weight);
        EXPECT_NE(other.partners, mixture.partners);
    }
    std::vector<std::uint32_t> sorted = mixture.partners;
    std::ranges::sort(sorted);
    for (std::uint32_t n = 0; n < 40; ++n) EXPECT_EQ(sorted[n], n);
}

TEST(Mixup, RowsAreMixedWithWhatTheirPartnersWere) {
    std::vector<float> rows{0, 1, 10, 11, 20, 21};
    Mixup({}).mix({0.75F, {1, 2, 0}}, rows);
    EXPECT_EQ(rows, (std::vector<float>{2.5F, 3.5F, 12.5F, 13.5F, 15, 16}));
}

}  // namespace
}  // namespace atnas::data
