// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "changed.hpp"

namespace atnas::data {
namespace {

using testing::changed;

float grey_of(const std::vector<float>& pixel) {
    return 0.299F * pixel[0] + 0.587F * pixel[1] + 0.114F * pixel[2];
}

TEST(Saturation, ScalesDistancesFromGreyAndKeepsIt) {
    const space::ImageShape shape{3, 1, 1};
    const std::vector<float> pixel{0.5F, 0.4F, 0.3F};
    const float grey = grey_of(pixel);
    float low = 2;
    float high = 0;
    for (std::uint32_t item = 0; item < 200; ++item) {
        const auto result = changed(pixel, shape, {.saturation = 0.5F}, item);
        const float factor = (result[0] - grey) / (pixel[0] - grey);
        for (std::size_t i = 0; i < 3; ++i) ASSERT_NEAR(result[i] - grey, factor * (pixel[i] - grey), 1e-6);
        ASSERT_NEAR(grey_of(result), grey, 1e-6);
        low = std::min(low, factor);
        high = std::max(high, factor);
    }
    EXPECT_NEAR(low, 0.5, 0.02);
    EXPECT_NEAR(high, 1.5, 0.02);
}

TEST(Saturation, TakesEveryPixelByItself) {
    // Two pixels of the same grey, one of them a colour: red goes, grey stays.
    const space::ImageShape shape{3, 1, 2};
    const std::vector<float> image{0.6F, 0.5F, 0.2F, 0.5F, 0.2F, 0.5F};
    const auto result = changed(image, shape, {.saturation = 0.5F}, 0);
    EXPECT_NE(result[0], image[0]);
    for (const std::size_t grey : {1U, 3U, 5U}) EXPECT_NEAR(result[grey], 0.5F, 1e-6);
}

}  // namespace
}  // namespace atnas::data
