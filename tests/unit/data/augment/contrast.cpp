// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "changed.hpp"

namespace atnas::data {
namespace {

using testing::changed;

TEST(Contrast, ScalesDistancesFromTheMeanOfTheImage) {
    const space::ImageShape shape{3, 4, 4};
    const auto image = testing::gradient(shape);
    const float mean = std::accumulate(image.begin(), image.end(), 0.0F) / static_cast<float>(image.size());
    float low = 2;
    float high = 0;
    for (std::uint32_t item = 0; item < 200; ++item) {
        const auto result = changed(image, shape, {.contrast = 0.5F}, item);
        const float factor = (result[0] - mean) / (image[0] - mean);
        for (std::size_t i = 0; i < image.size(); ++i) ASSERT_NEAR(result[i] - mean, factor * (image[i] - mean), 1e-5);
        low = std::min(low, factor);
        high = std::max(high, factor);
    }
    EXPECT_NEAR(low, 0.5, 0.02);
    EXPECT_NEAR(high, 1.5, 0.02);
}

TEST(Contrast, EndsAtBlackAndWhite) {
    const space::ImageShape shape{1, 1, 2};
    for (std::uint32_t item = 0; item < 20; ++item) {
        const auto result = changed({0.02F, 0.98F}, shape, {.contrast = 1}, item);
        EXPECT_GE(result[0], 0);
        EXPECT_LE(result[1], 1);
    }
}

}  // namespace
}  // namespace atnas::data
