// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "changed.hpp"

namespace atnas::data {
namespace {

using testing::changed;

TEST(Brightness, IsOneFactorForAnImage) {
    const space::ImageShape shape{3, 4, 4};
    const auto image = testing::gradient(shape);
    float low = 2;
    float high = 0;
    for (std::uint32_t item = 0; item < 200; ++item) {
        const auto result = changed(image, shape, {.brightness = 0.5F}, item);
        const float factor = result[0] / image[0];
        for (std::size_t i = 0; i < image.size(); ++i) ASSERT_NEAR(result[i], factor * image[i], 1e-6);
        low = std::min(low, factor);
        high = std::max(high, factor);
    }
    EXPECT_NEAR(low, 0.5, 0.02);
    EXPECT_NEAR(high, 1.5, 0.02);
}

TEST(Brightness, EndsAtWhite) {
    const space::ImageShape shape{1, 1, 2};
    float most = 0;
    for (std::uint32_t item = 0; item < 20; ++item)
        most = std::max(most, changed({0.9F, 0.1F}, shape, {.brightness = 1}, item)[0]);
    EXPECT_EQ(most, 1.0F);
}

}  // namespace
}  // namespace atnas::data
