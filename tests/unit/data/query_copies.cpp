// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/query_copies.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"
#include "atnas/data/support_copies.hpp"

namespace atnas::data {
namespace {

constexpr space::ImageShape shape{1, 6, 6};
constexpr std::size_t size = 36;
const AugmentOptions jitter{.jitter = {.rotation = 20, .translation = 1}};
const RandomKey key{.seed = 3, .purpose = Purpose::test_episode, .item = 5};

/// Two images, each with a bar of its own.
LabelledImages queries() {
    LabelledImages queries{std::vector<float>(2 * size), {1, 0}};
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t x = 0; x < 6; ++x) queries.images[i * size + 6 * (i + 1) + x] = 1;
    return queries;
}

std::vector<float> image(const LabelledImages& of, std::size_t i) {
    const auto first = of.images.begin() + static_cast<std::ptrdiff_t>(i * size);
    return {first, first + static_cast<std::ptrdiff_t>(size)};
}

TEST(QueryCopies, EachHasAllQueriesChanged) {
    const QueryCopies copies(shape, {2, jitter});
    EXPECT_EQ(copies.count(), 2);
    const LabelledImages first = copies.copy(queries(), key, 0);
    const LabelledImages second = copies.copy(queries(), key, 1);
    EXPECT_EQ(first.labels, queries().labels);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_NE(image(first, i), image(queries(), i));
        EXPECT_NE(image(first, i), image(second, i));
    }
}

TEST(QueryCopies, AreAFunctionOfTheirKey) {
    const QueryCopies copies(shape, {1, jitter});
    EXPECT_EQ(copies.copy(queries(), key, 0).images, copies.copy(queries(), key, 0).images);
    EXPECT_NE(copies.copy(queries(), key, 0).images,
              copies.copy(queries(), {.seed = 3, .purpose = Purpose::test_episode, .item = 6}, 0).images);
}

TEST(QueryCopies, AreNotChangedAsSupportCopiesAre) {
    Task task{.way = 2, .support = queries()};
    SupportCopies(shape, {1, jitter}).add(task, key);
    EXPECT_NE(image(task.support, 1), image(QueryCopies(shape, {1, jitter}).copy(queries(), key, 0), 0));
}

TEST(QueryCopies, OfNoQueriesAreNone) {
    EXPECT_EQ(QueryCopies(shape, {1, jitter}).copy({}, key, 0).count(), 0);
}

TEST(QueryCopies, AreRefusedWhereTheirImagesCannotBeChangedSo) {
    EXPECT_THROW(QueryCopies(shape, {1, {.cutout = 7}}), Error);
}

}  // namespace
}  // namespace atnas::data
