// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/pixel_values.hpp"

#include <gtest/gtest.h>

namespace atnas::data {
namespace {

TEST(PixelValues, AreAppendedBetweenZeroAndOne) {
    std::vector<float> values{7.0F};
    append_values(std::vector<std::uint8_t>{0, 51, 255}, values);
    EXPECT_EQ(values, (std::vector<float>{7.0F, 0.0F, 0.2F, 1.0F}));
}

TEST(PixelValues, BrightnessIsTheirMean) {
    EXPECT_EQ(brightness(std::vector<std::uint8_t>{0, 0, 0}), 0);
    EXPECT_EQ(brightness(std::vector<std::uint8_t>{255, 255}), 1);
    EXPECT_NEAR(brightness(std::vector<std::uint8_t>{0, 51, 255}), 0.4, 1e-12);
}

}  // namespace
}  // namespace atnas::data
