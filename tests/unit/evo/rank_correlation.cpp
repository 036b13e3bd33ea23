// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/rank_correlation.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace atnas::evo {
namespace {

using Values = std::vector<double>;

TEST(RankCorrelation, OrderAloneCounts) {
    EXPECT_DOUBLE_EQ(rank_correlation(Values{1, 2, 3, 4}, Values{-5, 0, 0.1, 1000}).value(), 1.0);
    EXPECT_DOUBLE_EQ(rank_correlation(Values{1, 2, 3, 4}, Values{4, 3, 2, 1}).value(), -1.0);
}

TEST(RankCorrelation, IsSpearmansOfHandValues) {
    // Without ties it is 1 - 6 sum d^2 / (n (n^2 - 1)): here d = 1, 1, 1, 2, 1, so 1 - 48 / 120.
    EXPECT_NEAR(rank_correlation(Values{1, 2, 3, 4, 5}, Values{2, 1, 4, 5, 3}).value(), 0.6, 1e-12);
    // Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: 4.5 / sqrt(4.5 x 5).
    EXPECT_NEAR(rank_correlation(Values{1, 7, 7, 9}, Values{1, 2, 3, 4}).value(), std::sqrt(0.9), 1e-12);
    // Ranks 1.5, 1.5, 3 and 3, 1.5, 1.5: -0.75 / 1.5.
    EXPECT_NEAR(rank_correlation(Values{0, 0, 1}, Values{1, 0, 0}).value(), -0.5, 1e-12);
}

TEST(RankCorrelation, ThereIsNoneOfTooLittle) {
    EXPECT_FALSE(rank_correlation(Values{}, Values{}));
    EXPECT_FALSE(rank_correlation(Values{1, 2}, Values{1, 2}));
    EXPECT_FALSE(rank_correlation(Values{1, 2, 3}, Values{4, 4, 4}));
    EXPECT_FALSE(rank_correlation(Values{4, 4, 4}, Values{1, 2, 3}));
}

}  // namespace
}  // namespace atnas::evo
