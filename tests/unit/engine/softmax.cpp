// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/softmax.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace atnas::engine {
namespace {

TEST(Softmax, GivesEveryRowItsProbabilities) {
    const float third = std::log(3.0F);
    const std::vector<float> values = softmax(std::vector{0.0F, third, 2.0F, 2.0F}, 2);
    ASSERT_EQ(values.size(), 4U);
    EXPECT_NEAR(values[0], 0.25, 1e-6);
    EXPECT_NEAR(values[1], 0.75, 1e-6);
    EXPECT_EQ(values[2], 0.5F);
    EXPECT_EQ(values[3], 0.5F);
}

TEST(Softmax, TakesLogitsOfAnySize) {
    const std::vector<float> values = softmax(std::vector{3e38F, -3e38F, -1e5F, -1e5F}, 2);
    EXPECT_EQ(values, (std::vector{1.0F, 0.0F, 0.5F, 0.5F}));
}

TEST(Softmax, OfARowWithoutNumbersIsNone) {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> values = softmax(std::vector{1.0F, nan, 1.0F, 1.0F}, 2);
    EXPECT_TRUE(std::isnan(values[0]) && std::isnan(values[1]));
    EXPECT_EQ(values[2], 0.5F);
}

}  // namespace
}  // namespace atnas::engine
