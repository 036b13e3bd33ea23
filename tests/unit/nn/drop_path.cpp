// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/drop_path.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace atnas::nn {
namespace {

constexpr int images = 500;
constexpr std::size_t edges = 3;

std::vector<float> drawn(double probability, std::uint64_t number = 0, std::uint64_t seed = 1) {
    std::vector<float> factors(edges * images, -1.0F);
    DropPath{.seed = seed, .number = number, .images = images, .probability = probability}.draw(factors);
    return factors;
}

TEST(DropPath, LosesWithTheProbabilityAndMakesUpForIt) {
    const std::vector<float> factors = drawn(0.25);
    EXPECT_NEAR(static_cast<double>(std::ranges::count(factors, 0.0F)), 375, 5 * 17);
    EXPECT_EQ(std::ranges::count(factors, 0.0F) + std::ranges::count(factors, 1 / 0.75F), edges * images);
    EXPECT_EQ(drawn(0), std::vector<float>(edges * images, 1.0F));
}

TEST(DropPath, EdgesMiniBatchesAndSeedsLoseOtherImages) {
    const std::vector<float> factors = drawn(0.5, 7);
    EXPECT_EQ(drawn(0.5, 7), factors);
    const std::vector<float> first(factors.begin(), factors.begin() + images);
    EXPECT_NE(std::vector(factors.begin() + images, factors.begin() + 2 * images), first);
    for (const std::vector<float>& other : {drawn(0.5, 8), drawn(0.5, 7 + (std::uint64_t{1} << 32)), drawn(0.5, 7, 2)})
        EXPECT_NE(std::vector(other.begin(), other.begin() + images), first);
}

}  // namespace
}  // namespace atnas::nn
