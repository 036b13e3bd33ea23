// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <gtest/gtest.h>

#include "changed.hpp"

namespace atnas::data {
namespace {

using testing::changed;

constexpr space::ImageShape shape{1, 28, 28};

/// One square spot, three pixels wide, centred at (20, 13).
std::vector<float> spot() {
    std::vector<float> image(784);
    for (std::size_t row = 12; row < 15; ++row) std::fill_n(image.begin() + static_cast<int>(row * 28 + 19), 3, 1.0F);
    return image;
}

/// Centre of ink, in pixels from the upper left one.
std::pair<double, double> centre_of(const std::vector<float>& image) {
    double sum = 0;
    double x = 0;
    double y = 0;
    for (std::size_t p = 0; p < image.size(); ++p) {
        sum += image[p];
        x += image[p] * static_cast<double>(p % 28);
        y += image[p] * static_cast<double>(p / 28);
    }
    return {x / sum, y / sum};
}

TEST(AffineJitter, KeepsToItsRange) {
    const auto furthest = [&](const Jitter& jitter, auto&& measure) {
        double most = 0;
        for (std::uint32_t item = 0; item < 200; ++item) {
            const auto [x, y] = centre_of(changed(spot(), shape, {.jitter = jitter}, item));
            most = std::max(most, std::abs(measure(x - 13.5, y - 13.5)));
        }
        return most;
    };
    // The spot is at (6.5, -0.5) from the centre. Each measure reaches its bound and does not pass it.
    const double shift = furthest({.translation = 3}, [](double x, double) { return x - 6.5; });
    EXPECT_LE(shift, 3.001);
    EXPECT_GT(shift, 2.7);
    const double turn = furthest({.rotation = 30}, [](double x, double y) {
        return (std::atan2(y, x) - std::atan2(-0.5, 6.5)) * 180 / 3.14159265358979;
    });
    EXPECT_LE(turn, 31);
    EXPECT_GT(turn, 27);
    const double scale =
        furthest({.scale = 0.3F}, [](double x, double y) { return std::hypot(x, y) / std::hypot(6.5, 0.5) - 1; });
    EXPECT_LE(scale, 0.32);
    EXPECT_GT(scale, 0.26);
    const double shear = furthest({.shear = 2}, [](double x, double) { return (x - 6.5) / -0.5; });
    EXPECT_LE(shear, 2.1);
    EXPECT_GT(shear, 1.7);
}

TEST(AffineJitter, TranslationKeepsTheInk) {
    // A translation alone is the bilinear mixture of four neighbours: the ink that stays inside is kept.
    const auto result = changed(spot(), shape, {.jitter = {.translation = 3}}, 1);
    EXPECT_NE(result, spot());
    EXPECT_NEAR(std::accumulate(result.begin(), result.end(), 0.0), 9, 1e-3);
}

TEST(AffineJitter, IsOneForAllChannels) {
    std::vector<float> image = spot();
    const auto grey = changed(image, shape, {.jitter = {.rotation = 20, .translation = 2}}, 1);
    image.insert(image.end(), image.begin(), image.begin() + 784);
    auto twice = grey;
    twice.insert(twice.end(), grey.begin(), grey.end());
    EXPECT_EQ(changed(image, {2, 28, 28}, {.jitter = {.rotation = 20, .translation = 2}}, 1), twice);
}

}  // namespace
}  // namespace atnas::data
