// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/episode_sampler.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "atnas/data/strokes.hpp"
#include "fixtures.hpp"

namespace atnas::data {
namespace {

using namespace atnas::data::testing;

std::vector<int> all_classes(const ImageSet& images) {
    std::vector<int> classes(static_cast<std::size_t>(images.classes()));
    std::iota(classes.begin(), classes.end(), 0);
    return classes;
}

RandomKey key(std::uint32_t item, Purpose purpose = Purpose::train_episode) {
    return {7, purpose, 1, 2, item};
}

Task draw(const ImageSet& images, const EpisodeOptions& options, const RandomKey& at) {
    Task task;
    EpisodeSampler(images, all_classes(images), options).sample(at, task);
    return task;
}

/// Class and number that make_set() wrote into the first two pixels.
int pixel_of(const std::vector<float>& images, std::size_t image, std::size_t pixel) {
    return static_cast<int>(std::lround(images[image * 36 + pixel] * 255));
}

TEST(EpisodeSampler, HasTheAskedShape) {
    const auto images = make_set(10, 20, 5);
    const auto task = draw(images, {.way = 4, .shot = 2, .query = 3}, key(0));
    EXPECT_EQ(task.support.images.size(), 4U * 2 * 36);
    EXPECT_EQ(task.query.images.size(), 4U * 3 * 36);
    EXPECT_EQ(task.support.labels, (std::vector<int>{0, 0, 1, 1, 2, 2, 3, 3}));
    EXPECT_EQ(task.query.labels, (std::vector<int>{0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3}));
    EXPECT_EQ(task.classes.size(), 4U);
    EXPECT_EQ(task.rotations, (std::vector<int>{0, 0, 0, 0}));
}

TEST(EpisodeSampler, SupportAndQueryAreDistinctImagesOfTheirClass) {
    const auto images = make_set(10, 6, 5);
    for (std::uint32_t item = 0; item < 50; ++item) {
        const auto task = draw(images, {.way = 5, .shot = 2, .query = 4}, key(item));
        EXPECT_EQ(std::set<int>(task.classes.begin(), task.classes.end()).size(), 5U);
        std::set<std::pair<int, int>> seen;
        for (std::size_t s = 0; s < 10; ++s) {
            EXPECT_EQ(pixel_of(task.support.images, s, 0), task.classes[s / 2]);
            seen.emplace(s / 2, pixel_of(task.support.images, s, 1));
        }
        for (std::size_t q = 0; q < 20; ++q) {
            EXPECT_EQ(pixel_of(task.query.images, q, 0), task.classes[q / 4]);
            seen.emplace(q / 4, pixel_of(task.query.images, q, 1));
        }
        EXPECT_EQ(seen.size(), 30U);  // all six images of each class, none twice
    }
}

TEST(EpisodeSampler, PixelsAreScaledToOne) {
    auto images = make_set(2, 2, 2);
    std::fill(images.pixels.begin(), images.pixels.end(), std::uint8_t{255});
    images.pixels[0] = 51;
    const auto task = draw(images, {.way = 2, .shot = 1, .query = 1}, key(0));
    EXPECT_EQ(*std::max_element(task.support.images.begin(), task.support.images.end()), 1.0F);
    const float low = std::min(*std::min_element(task.support.images.begin(), task.support.images.end()),
                               *std::min_element(task.query.images.begin(), task.query.images.end()));
    EXPECT_EQ(low, 51.0F / 255.0F);
}

TEST(EpisodeSampler, IsAFunctionOfItsKey) {
    const auto images = make_set(30, 20, 5);
    const EpisodeOptions options;
    const auto first = draw(images, options, key(3));
    Task again;
    const EpisodeSampler sampler(images, all_classes(images), options);
    sampler.sample(key(9), again);  // what was drawn before does not matter, nor what the memory held
    sampler.sample(key(3), again);
    EXPECT_EQ(first.support.images, again.support.images);
    EXPECT_EQ(first.query.images, again.query.images);
    EXPECT_EQ(first.classes, again.classes);
    EXPECT_NE(first.support.images, draw(images, options, key(4)).support.images);
    EXPECT_NE(first.support.images, draw(images, options, key(3, Purpose::test_episode)).support.images);
    EXPECT_NE(first.support.images, draw(images, options, {8, Purpose::train_episode, 1, 2, 3}).support.images);
    EXPECT_NE(first.support.images, draw(images, options, {7, Purpose::train_episode, 0, 2, 3}).support.images);
    EXPECT_NE(first.support.images, draw(images, options, {7, Purpose::train_episode, 1, 3, 3}).support.images);
}

TEST(EpisodeSampler, ReusesItsMemory) {
    const auto images = make_set(10, 20, 5);
    const EpisodeSampler sampler(images, all_classes(images), {});
    Task task;
    sampler.sample(key(0), task);
    const float* const memory = task.query.images.data();
    sampler.sample(key(1), task);
    EXPECT_EQ(task.query.images.data(), memory);
}

TEST(EpisodeSampler, UsesOnlyTheGivenClassesAndAllOfThem) {
    const auto images = make_set(20, 3, 5);
    const std::vector<int> classes{2, 3, 5, 7, 11, 13};
    const EpisodeSampler sampler(images, classes, {.way = 3, .shot = 1, .query = 1});
    std::vector<std::vector<int>> counts(3, std::vector<int>(20));
    Task task;
    for (std::uint32_t item = 0; item < 600; ++item) {
        sampler.sample(key(item), task);
        for (std::size_t label = 0; label < 3; ++label) ++counts[label][static_cast<std::size_t>(task.classes[label])];
    }
    for (std::size_t label = 0; label < 3; ++label) {  // every class at every label about 100 times
        for (int c = 0; c < 20; ++c) {
            const int count = counts[label][static_cast<std::size_t>(c)];
            const bool given = std::find(classes.begin(), classes.end(), c) != classes.end();
            EXPECT_NEAR(count, given ? 100 : 0, given ? 45 : 0) << "label " << label << " class " << c;
        }
    }
}

TEST(EpisodeSampler, WithinGroupStaysInsideOneAndPassesOverSmallOnes) {
    const auto images = make_set(13, 3, 5);  // groups of 5, 5 and 3
    const EpisodeOptions options{.way = 4, .shot = 1, .query = 1, .within_group = WithinGroup::yes};
    std::set<int> used;
    for (std::uint32_t item = 0; item < 40; ++item) {
        const auto task = draw(images, options, key(item));
        std::set<int> groups;
        for (const int c : task.classes) groups.insert(images.group_of_class[static_cast<std::size_t>(c)]);
        EXPECT_EQ(groups.size(), 1U);
        used.insert(*groups.begin());
    }
    EXPECT_EQ(used, (std::set<int>{0, 1}));
}

TEST(EpisodeSampler, RotationsCountAsClassesWithinGroups) {
    const auto images = make_set(3, 3, 3);
    const auto task = draw(
        images, {.way = 12, .shot = 1, .query = 1, .within_group = WithinGroup::yes, .rotations = Rotations::quarter},
        key(0));
    std::set<std::pair<int, int>> seen;
    for (std::size_t label = 0; label < 12; ++label) seen.emplace(task.classes[label], task.rotations[label]);
    EXPECT_EQ(seen.size(), 12U);
}

TEST(EpisodeSampler, TurnsCounterClockwiseThenMirrors) {
    ImageSet images = make_set(1, 2, 1, 3);
    images.shape.channels = 2;  // two planes: 1..9 and 11..19
    images.pixels.clear();
    for (int image = 0; image < 2; ++image) {
        for (const int start : {1, 11}) {
            for (int i = 0; i < 9; ++i) images.pixels.push_back(static_cast<std::uint8_t>(start + i));
        }
    }
    const std::vector<std::vector<int>> expected{{1, 2, 3, 4, 5, 6, 7, 8, 9}, {3, 6, 9, 2, 5, 8, 1, 4, 7},
                                                 {9, 8, 7, 6, 5, 4, 3, 2, 1}, {7, 4, 1, 8, 5, 2, 9, 6, 3},
                                                 {3, 2, 1, 6, 5, 4, 9, 8, 7}, {9, 6, 3, 8, 5, 2, 7, 4, 1},
                                                 {7, 8, 9, 4, 5, 6, 1, 2, 3}, {1, 4, 7, 2, 5, 8, 3, 6, 9}};
    const auto task = draw(images, {.way = 8, .shot = 1, .query = 1, .rotations = Rotations::mirrored}, key(0));
    for (std::size_t label = 0; label < 8; ++label) {
        const auto& turned = expected[static_cast<std::size_t>(task.rotations[label])];
        for (std::size_t p = 0; p < 9; ++p) {
            EXPECT_EQ(std::lround(task.support.images[label * 18 + p] * 255), turned[p]);
            EXPECT_EQ(std::lround(task.query.images[label * 18 + 9 + p] * 255), turned[p] + 10);
        }
    }
}

TEST(EpisodeSampler, ObligesOblongImagesWithoutRotations) {
    auto images = make_set(2, 2, 2);
    images.shape = {1, 4, 9};
    const auto task = draw(images, {.way = 2, .shot = 1, .query = 1}, key(0));
    EXPECT_EQ(pixel_of(task.support.images, 0, 35), 105);
    const auto caught =
        error_of([&] { draw(images, {.way = 2, .shot = 1, .query = 1, .rotations = Rotations::quarter}, key(0)); });
    EXPECT_TRUE(caught.mentions("square")) << caught.text;
}

const AugmentOptions jitter{.jitter = {.rotation = 10, .shear = 0.1F, .scale = 0.1F, .translation = 2}};

TEST(EpisodeSampler, AugmentationChangesPixelsButNoChoice) {
    const auto images = make_strokes({.classes = 10});
    const auto plain = draw(images, {}, key(5));
    for (const AugmentOptions& augment :
         {jitter, AugmentOptions{.flip = Flip::yes}, AugmentOptions{.crop = 3, .brightness = 0.2F, .cutout = 4}}) {
        const auto changed = draw(images, {.augment = augment}, key(5));
        EXPECT_EQ(plain.classes, changed.classes);
        EXPECT_NE(plain.support.images, changed.support.images);
        EXPECT_NE(plain.query.images, changed.query.images);
        const auto again = draw(images, {.augment = augment}, key(5));
        EXPECT_EQ(changed.query.images, again.query.images);
        for (const float value : changed.query.images) {
            ASSERT_GE(value, 0.0F);
            ASSERT_LE(value, 1.0F);
        }
        // About as much ink as before: images were moved, not lost.
        const double before = std::accumulate(plain.query.images.begin(), plain.query.images.end(), 0.0);
        EXPECT_NEAR(std::accumulate(changed.query.images.begin(), changed.query.images.end(), 0.0), before,
                    0.15 * before);
    }
}

TEST(EpisodeSampler, AugmentationIsDrawnAnewForEveryImage) {
    auto images = make_set(2, 2, 2, 8);
    std::fill(images.pixels.begin(), images.pixels.end(), std::uint8_t{100});
    const auto task = draw(images, {.way = 2, .shot = 1, .query = 1, .augment = {.brightness = 0.5F}}, key(1));
    EXPECT_NE(task.support.images[0], task.support.images[64]);
    EXPECT_NE(task.support.images[0], task.query.images[0]);
}

TEST(EpisodeSampler, ImpossibleTasksNameTheirFigures) {
    const auto images = make_set(13, 3, 5);
    const auto caught = [&](const EpisodeOptions& options) {
        const auto error = error_of([&] { draw(images, options, key(0)); });
        EXPECT_EQ(error.code, ExitCode::bad_deck);
        return error;
    };
    auto error = caught({.way = 14, .shot = 1, .query = 1});
    EXPECT_TRUE(error.mentions("way = 14") && error.mentions("13 classes")) << error.text;
    error = caught({.way = 53, .shot = 1, .query = 1, .rotations = Rotations::quarter});
    EXPECT_TRUE(error.mentions("52 classes, rotations counted")) << error.text;
    error = caught({.way = 6, .shot = 1, .query = 1, .within_group = WithinGroup::yes});
    EXPECT_TRUE(error.mentions("largest group has 5")) << error.text;
    error = caught({.way = 2, .shot = 1, .query = 3});
    EXPECT_TRUE(error.mentions("4 images") && error.mentions("g0/c0 has 3")) << error.text;
    error = caught({.way = 1, .shot = 0, .query = 0});
    EXPECT_EQ(error.problems, 3U) << error.text;
    error = caught({.way = 14, .shot = 1, .query = 1, .augment = {.crop = 6}});
    EXPECT_TRUE(error.mentions("data.crop = 6") && error.mentions("way = 14")) << error.text;
    EXPECT_TRUE(error_of([&] { EpisodeSampler(images, {}, {.way = 2, .shot = 1, .query = 1}); }).mentions("only 0"));
}

std::uint64_t hash_of_task(const Task& task) {
    Bytes bytes;
    for (const auto* values : {&task.support.images, &task.query.images}) {
        for (const float value : *values) bytes.push_back(static_cast<std::uint8_t>(std::lround(value * 255)));
    }
    for (const auto* values : {&task.classes, &task.rotations}) {
        for (const int value : *values) bytes.push_back(static_cast<std::uint8_t>(value));
    }
    return hash_of(bytes);
}

// Every result depends on which tasks a key gives. A change of these hashes is a change of all published figures.
TEST(EpisodeSampler, OfAKeyIsFrozen) {
    const auto task = draw(make_strokes({}), {.rotations = Rotations::quarter}, {1, Purpose::test_episode, 0, 0, 42});
    EXPECT_EQ(hash_of_task(task), 606338245343786442U);
}

TEST(EpisodeSampler, JitterOfAKeyIsFrozen) {
    const auto task = draw(make_strokes({}), {.rotations = Rotations::quarter, .augment = jitter},
                           {1, Purpose::train_episode, 0, 0, 42});
    EXPECT_EQ(hash_of_task(task), 14424654431795231092U);
}

}  // namespace
}  // namespace atnas::data
