// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/epoch_sampler.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace atnas::data {
namespace {

constexpr int count = 10;

/// Image i is of class i % 2 (as the list says) and has pixels of the value i.
ImageSet numbered() {
    ImageSet images;
    images.shape = {1, 2, 2};
    for (int i = 0; i < count; ++i) images.pixels.insert(images.pixels.end(), 4, static_cast<std::uint8_t>(i));
    images.first_of_class = {0, count};
    images.class_names = {"all"};
    images.group_of_class = {0};
    images.group_names = {"all"};
    return images;
}

ImageList list_of(const ImageSet& set) {
    std::vector<std::int64_t> images(count);
    std::iota(images.begin(), images.end(), 0);
    std::vector<int> labels;
    for (int i = 0; i < count; ++i) labels.push_back(i % 2);
    return {set, images, labels};
}

/// Numbers of the images of some mini-batches, one after the other.
std::vector<int> drawn(EpochSampler& sampler, std::uint64_t first, int batches) {
    std::vector<int> numbers;
    LabelledImages batch;
    for (int b = 0; b < batches; ++b) {
        sampler.sample(first + static_cast<std::uint64_t>(b), batch);
        for (std::size_t n = 0; n < batch.labels.size(); ++n) {
            numbers.push_back(static_cast<int>(std::lround(255 * batch.images[4 * n])));
            EXPECT_EQ(batch.labels[n], numbers.back() % 2);
        }
    }
    return numbers;
}

TEST(EpochSampler, TakesEveryImageOncePerEpoch) {
    const ImageSet set = numbered();
    EpochSampler sampler(list_of(set), {.images = 4});
    std::vector<int> numbers = drawn(sampler, 0, 5);  // two epochs
    std::vector<int> all(count);
    std::iota(all.begin(), all.end(), 0);
    const std::vector<int> first(numbers.begin(), numbers.begin() + count);
    const std::vector<int> second(numbers.begin() + count, numbers.end());
    EXPECT_TRUE(std::ranges::is_permutation(first, all));
    EXPECT_TRUE(std::ranges::is_permutation(second, all));
    EXPECT_NE(first, second) << "every epoch has an order of its own";
    EXPECT_NE(first, all);
}

TEST(EpochSampler, AMiniBatchBelongsToItsNumber) {
    const ImageSet set = numbered();
    EpochSampler forth(list_of(set), {.images = 4});
    EpochSampler anew(list_of(set), {.images = 4});
    const std::vector<int> all = drawn(forth, 0, 20);
    EXPECT_EQ(drawn(anew, 17, 1), std::vector(all.begin() + 68, all.begin() + 72));
    EXPECT_EQ(drawn(anew, 2, 1), std::vector(all.begin() + 8, all.begin() + 12)) << "back over the end of an epoch";
    EpochSampler other(list_of(set), {.images = 4, .seed = 2});
    EXPECT_NE(drawn(other, 0, 5), std::vector(all.begin(), all.begin() + 20));
}

TEST(EpochSampler, ChangesOfImagesBelongToTheNumberToo) {
    const ImageSet set = numbered();
    const EpochOptions options{.images = count, .augment = {.brightness = 0.9F}};
    EpochSampler sampler(list_of(set), options);
    LabelledImages batch, again, next;
    sampler.sample(1, next);
    sampler.sample(0, batch);
    sampler.sample(0, again);
    EXPECT_EQ(batch.images, again.images);
    std::ranges::sort(batch.images);
    std::ranges::sort(next.images);
    EXPECT_NE(batch.images, next.images) << "the same images are changed in another way";
}

}  // namespace
}  // namespace atnas::data
