// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "changed.hpp"

namespace atnas::data {
namespace {

using testing::changed;

/// \p image moved by whole pixels, channel by channel, with zeros where nothing was.
std::vector<float> moved(const std::vector<float>& image, const space::ImageShape& shape, int down, int right) {
    std::vector<float> result(image.size());
    const auto at = [&](int c, int y, int x) {
        return static_cast<std::size_t>((c * shape.height + y) * shape.width + x);
    };
    for (int c = 0; c < shape.channels; ++c)
        for (int y = std::max(0, down); y < std::min(shape.height, shape.height + down); ++y)
            for (int x = std::max(0, right); x < std::min(shape.width, shape.width + right); ++x)
                result[at(c, y, x)] = image[at(c, y - down, x - right)];
    return result;
}

TEST(Crop, MovesAllChannelsByUpToThePadding) {
    const space::ImageShape shape{3, 4, 5};
    const auto image = testing::gradient(shape);
    std::set<std::pair<int, int>> moves;
    for (std::uint32_t item = 0; item < 500; ++item) {
        const auto result = changed(image, shape, {.crop = 2}, item);
        bool found = false;
        for (int down = -2; down <= 2; ++down) {
            for (int right = -2; right <= 2; ++right) {
                if (result != moved(image, shape, down, right)) continue;
                found = true;
                moves.emplace(down, right);
            }
        }
        ASSERT_TRUE(found);
    }
    EXPECT_EQ(moves.size(), 25U);
}

}  // namespace
}  // namespace atnas::data
