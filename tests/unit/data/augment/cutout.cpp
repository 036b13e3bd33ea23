// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "changed.hpp"

namespace atnas::data {
namespace {

using testing::changed;

TEST(Cutout, WipesOutASquareThatMayPassTheEdge) {
    const space::ImageShape shape{2, 6, 7};
    std::vector<float> image(84, 0.25F);
    std::fill(image.begin() + 42, image.end(), 0.5F);
    image[0] = 0.5F;
    const float mean = 0.25F + 0.25F / 42;  // of the first channel
    std::set<std::pair<int, int>> sizes;
    for (std::uint32_t item = 0; item < 300; ++item) {
        const auto result = changed(image, shape, {.cutout = 3}, item);
        int top = 6, left = 7, bottom = -1, right = -1, wiped = 0;
        for (int y = 0; y < 6; ++y) {
            for (int x = 0; x < 7; ++x) {
                const auto at = static_cast<std::size_t>(7 * y + x);
                ASSERT_EQ(result[42 + at], 0.5F) << "its own mean";
                if (result[at] == image[at]) continue;
                ASSERT_NEAR(result[at], mean, 1e-6);
                top = std::min(top, y), bottom = std::max(bottom, y);
                left = std::min(left, x), right = std::max(right, x);
                ++wiped;
            }
        }
        ASSERT_EQ(wiped, (bottom - top + 1) * (right - left + 1));
        sizes.emplace(bottom - top + 1, right - left + 1);
    }
    // At least the middle of the square lies in the image.
    EXPECT_EQ(sizes, (std::set<std::pair<int, int>>{{2, 2}, {2, 3}, {3, 2}, {3, 3}}));
}

}  // namespace
}  // namespace atnas::data
