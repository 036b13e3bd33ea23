// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/batch_sampler.hpp"

#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

namespace atnas::data {
namespace {

/// Class c has images whose pixels are all 10 c + number, but for one dark corner, which shows turns.
ImageSet numbered(int height = 4) {
    ImageSet images;
    images.shape = {1, height, 4};
    images.first_of_class.push_back(0);
    for (int c = 0; c < 5; ++c) {
        images.class_names.push_back("c" + std::to_string(c));
        images.group_of_class.push_back(0);
        for (int i = 0; i <= c; ++i) {
            std::vector<std::uint8_t> pixels(images.image_size(), static_cast<std::uint8_t>(10 * c + i + 1));
            pixels[0] = 0;
            images.pixels.insert(images.pixels.end(), pixels.begin(), pixels.end());
        }
        images.first_of_class.push_back(images.first_of_class.back() + c + 1);
    }
    images.group_names.push_back("all");
    return images;
}

const std::vector<int> classes{1, 3, 4};

TEST(BatchSampler, LabelsAreThePlacesOfTheClasses) {
    const ImageSet images = numbered();
    const BatchSampler sampler(images, classes, {.images = 300});
    EXPECT_EQ(sampler.classes(), 3);
    LabelledImages batch;
    sampler.sample({.seed = 1, .purpose = Purpose::pretrain_batch}, batch);
    ASSERT_EQ(batch.count(), 300);
    ASSERT_EQ(batch.images.size(), 300 * images.image_size());
    std::set<int> numbers;
    for (int n = 0; n < batch.count(); ++n) {
        const int value = static_cast<int>(std::lround(255 * batch.images[static_cast<std::size_t>(n) * 16 + 5])) - 1;
        EXPECT_EQ(value / 10, classes[static_cast<std::size_t>(batch.labels[static_cast<std::size_t>(n)])]);
        numbers.insert(value);
    }
    EXPECT_EQ(numbers.size(), 2U + 4U + 5U) << "every image of every class is drawn";
}

TEST(BatchSampler, ABatchBelongsToItsKey) {
    const ImageSet images = numbered();
    const BatchSampler sampler(images, classes, {.images = 20, .augment = {.jitter = {.translation = 1}}});
    const auto drawn = [&](std::uint32_t item) {
        LabelledImages batch;
        sampler.sample({.seed = 1, .purpose = Purpose::pretrain_batch, .item = item}, batch);
        return std::pair(batch.images, batch.labels);
    };
    EXPECT_EQ(drawn(3), drawn(3));
    EXPECT_NE(drawn(3).first, drawn(4).first);
    EXPECT_NE(drawn(3).second, drawn(4).second);
}

TEST(BatchSampler, QuarterTurnsAreClasses) {
    const ImageSet images = numbered();
    const BatchSampler sampler(images, classes, {.images = 200, .rotations = Rotations::quarter});
    EXPECT_EQ(sampler.classes(), 12);
    LabelledImages batch;
    sampler.sample({.seed = 1, .purpose = Purpose::pretrain_batch}, batch);
    // Where the dark corner goes, counter-clockwise.
    constexpr std::size_t corner[]{0, 12, 15, 3};
    for (std::size_t n = 0; n < 200; ++n)
        EXPECT_EQ(batch.images[16 * n + corner[batch.labels[n] % 4]], 0.0F) << batch.labels[n];
}

TEST(BatchSampler, MirrorImagesAreClassesToo) {
    const ImageSet images = numbered();
    EXPECT_EQ(BatchSampler(images, classes, {.images = 1, .rotations = Rotations::mirrored}).classes(), 24);
}

TEST(BatchSampler, RefusesTurnsOfOblongImages) {
    const ImageSet images = numbered(5);
    EXPECT_THROW(BatchSampler(images, classes, {.rotations = Rotations::quarter}), Error);
}

}  // namespace
}  // namespace atnas::data
