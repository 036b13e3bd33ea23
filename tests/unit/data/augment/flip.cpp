// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "changed.hpp"

namespace atnas::data {
namespace {

using testing::changed;

TEST(Flip, MirrorsHalfOfTheImagesLeftToRight) {
    const space::ImageShape shape{2, 2, 3};
    const std::vector<float> image{.1F, .2F, .3F, .4F, .5F, .6F, .7F, .8F, .9F, 0, .15F, .25F};
    const std::vector<float> mirrored{.3F, .2F, .1F, .6F, .5F, .4F, .9F, .8F, .7F, .25F, .15F, 0};
    int flips = 0;
    for (std::uint32_t item = 0; item < 400; ++item) {
        const auto result = changed(image, shape, {.flip = Flip::yes}, item);
        ASSERT_TRUE(result == image || result == mirrored);
        flips += result == mirrored ? 1 : 0;
    }
    EXPECT_NEAR(flips, 200, 40);
}

}  // namespace
}  // namespace atnas::data
