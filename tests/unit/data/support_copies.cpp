// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/support_copies.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

namespace atnas::data {
namespace {

constexpr space::ImageShape shape{1, 6, 6};
constexpr std::size_t size = 36;

/// Three images of two classes, each with a bar of its own, and a query.
Task task() {
    Task task{.way = 2, .support = {.images = std::vector<float>(3 * size), .labels = {0, 0, 1}}};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t x = 0; x < 6; ++x) task.support.images[i * size + 6 * (i + 1) + x] = 1;
    task.query = {.images = std::vector<float>(size, 0.5F), .labels = {1}};
    return task;
}

std::vector<float> image(const Task& of, std::size_t i) {
    const auto first = of.support.images.begin() + static_cast<std::ptrdiff_t>(i * size);
    return {first, first + static_cast<std::ptrdiff_t>(size)};
}

const AugmentOptions jitter{.jitter = {.rotation = 20, .translation = 1}};
const RandomKey key{.seed = 3, .purpose = Purpose::test_episode, .item = 5};

TEST(SupportCopies, StandBehindTheirImageAndDiffer) {
    Task more = task();
    SupportCopies(shape, {2, jitter}).add(more, key);
    EXPECT_EQ(more.support.labels, (std::vector<int>{0, 0, 0, 0, 0, 0, 1, 1, 1}));
    ASSERT_EQ(more.support.images.size(), 9 * size);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(image(more, 3 * i), image(task(), i));
        EXPECT_NE(image(more, 3 * i + 1), image(task(), i));
        EXPECT_NE(image(more, 3 * i + 1), image(more, 3 * i + 2));
    }
    EXPECT_EQ(more.query.images, task().query.images);
}

TEST(SupportCopies, AreAFunctionOfTheirKey) {
    const auto copies = [](const RandomKey& with) {
        Task more = task();
        SupportCopies(shape, {1, jitter}).add(more, with);
        return more.support.images;
    };
    EXPECT_EQ(copies(key), copies(key));
    EXPECT_NE(copies(key), copies({.seed = 3, .purpose = Purpose::test_episode, .item = 6}));
}

TEST(SupportCopies, NoneLeaveTheTaskAlone) {
    Task same = task();
    SupportCopies(shape, {0, jitter}).add(same, key);
    EXPECT_EQ(same.support.images, task().support.images);
    EXPECT_EQ(same.support.labels, task().support.labels);
}

TEST(SupportCopies, AreRefusedWhereTheirImagesCannotBeChangedSo) {
    EXPECT_THROW(SupportCopies(shape, {1, {.cutout = 7}}), Error);
}

}  // namespace
}  // namespace atnas::data
