// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/augmenter.hpp"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "augment/changed.hpp"
#include "fixtures.hpp"

namespace atnas::data {
namespace {

using namespace atnas::data::testing;

constexpr space::ImageShape colours{3, 8, 8};

AugmentOptions everything() {
    return {.jitter = {.rotation = 20, .shear = 0.2F, .scale = 0.2F, .translation = 2},
            .flip = Flip::yes,
            .crop = 2,
            .brightness = 1,
            .contrast = 1,
            .saturation = 1,
            .cutout = 3};
}

TEST(Augmenter, OffLeavesImageAndStreamAlone) {
    auto image = gradient(colours);
    const RandomKey key{.seed = 1, .purpose = Purpose::augment};
    RandomStream stream(key);
    Augmenter(colours, {}).apply(image, stream);
    EXPECT_EQ(image, gradient(colours));
    EXPECT_EQ(stream.bits(), RandomStream(key).bits());
}

TEST(Augmenter, EveryChangeIsNamed) {
    EXPECT_EQ(text_of(AugmentOptions{}), "none");
    EXPECT_EQ(text_of({.flip = Flip::yes, .crop = 4}), "flip, crop 4");
    EXPECT_EQ(text_of(everything()),
              "flip, crop 2, cutout 3, brightness 1, contrast 1, saturation 1, jitter_rotation 20, jitter_shear 0.2, "
              "jitter_scale 0.2, jitter_translation 2");
}

TEST(Augmenter, EveryOptionActs) {
    const auto image = gradient(colours);
    for (const AugmentOptions& options :
         {AugmentOptions{.jitter = {.rotation = 10}}, AugmentOptions{.jitter = {.shear = 0.2F}},
          AugmentOptions{.jitter = {.scale = 0.2F}}, AugmentOptions{.jitter = {.translation = 1}},
          AugmentOptions{.flip = Flip::yes}, AugmentOptions{.crop = 1}, AugmentOptions{.brightness = 0.1F},
          AugmentOptions{.contrast = 0.1F}, AugmentOptions{.saturation = 0.1F}, AugmentOptions{.cutout = 1}}) {
        int acted = 0;
        for (std::uint32_t item = 0; item < 10; ++item) acted += changed(image, colours, options, item) != image;
        EXPECT_GE(acted, 2);
    }
}

TEST(Augmenter, ValuesStayBetweenBlackAndWhite) {
    std::vector<float> image(size_of(colours));
    for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<float>(i % 7) / 6;
    for (std::uint32_t item = 0; item < 100; ++item) {
        for (const float value : changed(image, colours, everything(), item)) {
            ASSERT_GE(value, 0.0F);
            ASSERT_LE(value, 1.0F);
        }
    }
}

TEST(Augmenter, DependsOnStreamAndImageAlone) {
    const auto image = gradient(colours);
    Augmenter used(colours, everything());
    auto other = image;
    RandomStream stream({.seed = 9});
    used.apply(other, stream);
    RandomStream again({.seed = 3, .purpose = Purpose::augment, .item = 4});
    auto result = image;
    Augmenter(used).apply(result, again);
    EXPECT_EQ(result, changed(image, colours, everything(), 4));
    EXPECT_NE(result, changed(image, colours, everything(), 5));
}

TEST(Augmenter, ImpossibleOptionsAreListedAtOnce) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const AugmentOptions bad{.jitter = {.rotation = nan, .shear = -1, .scale = 1},
                             .crop = 8,
                             .brightness = nan,
                             .contrast = 1.5F,
                             .saturation = -0.5F,
                             .cutout = -1};
    const auto caught = error_of([&] { Augmenter({1, 9, 8}, bad); });
    EXPECT_EQ(caught.code, ExitCode::bad_deck);
    EXPECT_EQ(caught.problems, 9U) << caught.text;
    for (const char* const part : {"data.jitter_rotation = nan", "data.jitter_shear = -1", "data.jitter_scale = 1",
                                   "data.crop = 8", "9 x 8 pixels", "data.brightness = nan", "data.contrast = 1.5",
                                   "data.saturation = -0.5", "the images have 1", "data.cutout = -1"})
        EXPECT_TRUE(caught.mentions(part)) << part << "\n" << caught.text;
    EXPECT_TRUE(problems_of(everything(), colours).empty());
}

}  // namespace
}  // namespace atnas::data
