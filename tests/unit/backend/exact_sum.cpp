// SPDX-License-Identifier: Apache-2.0
#include "unit/backend/exact_sum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <random>

namespace atnas::test {

using Words = std::vector<std::int64_t>;

constexpr std::int64_t one = std::int64_t{1} << 44;

TEST_P(ExactSums, AreZeroWhenMade) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1000}}) {
        const auto sum = device_->allocate_sum(size, 1);
        EXPECT_EQ(sum->size(), size);
        EXPECT_EQ(words(*sum), Words(size + 1, 0));
    }
    EXPECT_THROW(static_cast<void>(device_->allocate_sum(std::numeric_limits<std::size_t>::max() / 4, 1)),
                 std::exception);
}

TEST_P(ExactSums, RoundToNearestAndTiesToEven) {
    const auto sum = device_->allocate_sum(12, 1);
    add({0.5f * 0x1p-44f, 1.5f * 0x1p-44f, 2.5f * 0x1p-44f, -0.5f * 0x1p-44f, -1.5f * 0x1p-44f, -2.5f * 0x1p-44f,
         0.75f * 0x1p-44f, -2.25f * 0x1p-44f, 1.0f, -3.0f, 0x1p-149f, 0x1.fffffep17f},
        *sum);
    EXPECT_EQ(words(*sum), (Words{0, 2, 2, 0, -2, -2, 1, -2, one, -3 * one, 0,
                                  (std::int64_t{1} << 62) - (std::int64_t{1} << 38), 0}));
}

TEST_P(ExactSums, WhatDoesNotFitIsLeftOutAndRemembered) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const float limit = device_->allocate_sum(1, 1)->limit();
    EXPECT_EQ(limit, 0x1p18f);
    for (const float bad : {limit, -limit, 1e30f, infinity, -infinity, std::nanf("")}) {
        const auto sum = device_->allocate_sum(3, 1);
        add({1, bad, 2}, *sum);
        EXPECT_EQ(words(*sum), (Words{one, 0, 2 * one, 1})) << bad;
        add({1, 1, 1}, *sum);
        EXPECT_EQ(words(*sum).back(), 1) << "it stays";
        device_->clear(*context_, *sum);
        EXPECT_EQ(words(*sum), Words(4, 0));
    }
    const auto sum = device_->allocate_sum(2, 1);
    add({std::nextafter(limit, 0.0f), -std::nextafter(limit, 0.0f)}, *sum);
    EXPECT_EQ(words(*sum).back(), 0);
}

/// As many values as a sum is made for, each as large as it takes, and the sum is right.
TEST_P(ExactSums, CannotWrap) {
    for (const std::size_t addends : {std::size_t{2}, std::size_t{3}, std::size_t{7}}) {
        const auto sum = device_->allocate_sum(2, addends);
        const float largest = std::nextafter(sum->limit(), 0.0f);
        EXPECT_NEAR(largest * static_cast<float>(addends), 0x1p18, 1);
        for (std::size_t i = 0; i < addends; ++i) add({largest, -largest}, *sum);
        const std::int64_t expected = static_cast<std::int64_t>(addends) * *backend::fixed_point(largest, sum->limit());
        EXPECT_EQ(words(*sum), (Words{expected, -expected, 0}));
        add({sum->limit(), 0}, *sum);
        EXPECT_EQ(words(*sum).back(), 1);
    }
}

TEST_P(ExactSums, HaveTheSameBitsInAnyOrder) {
    // Of very different size, so that every order of a sum of floats rounds in its own way; more than a block takes.
    constexpr std::size_t size = 5000;
    std::mt19937 random(7);
    std::vector<std::vector<float>> parts(12, std::vector<float>(size));
    for (auto& part : parts)
        for (float& x : part)
            x = std::ldexp(static_cast<float>(random()) / 0x1p31f - 1.0f, static_cast<int>(random() % 40) - 30);
    Words expected(size + 1, 0);
    for (const auto& part : parts)
        for (std::size_t i = 0; i < size; ++i) expected[i] += *backend::fixed_point(part[i], 0x1p18f);
    for (int order = 0; order < 4; ++order) {
        const auto sum = device_->allocate_sum(size, parts.size());
        for (const auto& part : parts) add(part, *sum);
        EXPECT_EQ(words(*sum), expected);
        std::shuffle(parts.begin(), parts.end(), random);
    }
}

TEST_P(ExactSums, TakePartsOfAnArray) {
    const auto x = buffer({1, 2, 3, 4, 5});
    const auto sum = device_->allocate_sum(8, 2);
    device_->accumulate(*context_, *x, 1, *sum, {5, 3});
    device_->accumulate(*context_, *x, 0, *sum, {8, 0});
    const std::vector<backend::Segment> segments{{.shared = 6, .local = 3, .count = 2},
                                                 {.shared = 1, .local = 2, .count = 0},
                                                 {.shared = 0, .local = 0, .count = 1}};
    device_->accumulate(*context_, *device_->map_segments(segments), *x, *sum);
    EXPECT_EQ(words(*sum), (Words{one, 0, 0, 0, 0, 2 * one, 7 * one, 9 * one, 0}));
    device_->accumulate(*context_, *device_->map_segments({}), *x, *sum);
    const auto broken = buffer({std::nanf(""), 1, 1, 1, 1});
    device_->accumulate(*context_, *device_->map_segments(segments), *broken, *sum);
    EXPECT_EQ(words(*sum), (Words{one, 0, 0, 0, 0, 2 * one, 8 * one, 10 * one, 1}));
}

TEST_P(ExactSums, BecomeFloatsByRangesWithFactors) {
    const auto sum = device_->allocate_sum(20001, 1);
    std::vector<float> all(20001, 3.0f);
    all[0] = 0x1.000002p0f;
    add(all, *sum);
    const auto to = buffer(std::vector<float>(20002, 9.0f));
    // Ranges longer than what one block of threads of a GPU takes.
    const std::vector<backend::ScaledRange> ranges{{{0, 1}, 1.0f}, {{1, 4097}, 0.5f}, {{5000, 15000}, 2.0f}};
    device_->to_floats(*context_, *sum, ranges, *to);
    const auto floats = values(*to);
    EXPECT_EQ(floats[0], 0x1.000002p0f);
    for (std::size_t i = 1; i < floats.size(); ++i)
        ASSERT_EQ(floats[i], i < 4098 ? 1.5f : i >= 5000 && i < 20000 ? 6.0f : 9.0f) << i;
    device_->to_floats(*context_, *sum, {}, *to);
    EXPECT_EQ(values(*to), floats);
}

/// One rounding for the sum, one for the factor.
TEST_P(ExactSums, RoundOnceOnTheWayToFloats) {
    const auto sum = device_->allocate_sum(2, 1);
    const Words exact{(std::int64_t{1} << 44) + (std::int64_t{1} << 20), (std::int64_t{1} << 44) + 3};
    device_->write_words(*context_, *sum, 0, exact);
    const auto to = buffer({0, 0});
    const std::vector<backend::ScaledRange> third{{{0, 2}, 1.0f / 3.0f}};
    device_->to_floats(*context_, *sum, third, *to);
    if (GetParam().precision == backend::Precision::f32) {
        EXPECT_EQ(values(*to), (std::vector<float>{1.0f / 3.0f, 1.0f / 3.0f})) << "a tie goes to even";
    }
    const std::vector<backend::ScaledRange> itself{{{0, 2}, 1.0f}};
    device_->to_floats(*context_, *sum, itself, *to);
    EXPECT_EQ(values(*to), (std::vector<float>{1, 1}));
}

TEST_P(ExactSums, GoToFloatsAndBackWithTheirFlag) {
    const auto sum = device_->allocate_sum(3, 1);
    add({1.5f, -0.25f, std::nanf("")}, *sum);
    const Words before = words(*sum);
    const auto floats = device_->allocate(sum->words());
    const std::vector<backend::ScaledRange> whole_sum{{{0, sum->words()}, 1.0f}};
    device_->to_floats(*context_, *sum, whole_sum, *floats);
    device_->clear(*context_, *sum);
    device_->from_floats(*context_, *floats, *sum, {1, 3});
    EXPECT_EQ(words(*sum), (Words{0, before[1], before[2], 1}));
    device_->from_floats(*context_, *floats, *sum, {0, 1});
    EXPECT_EQ(words(*sum), before);
}

TEST_P(ExactSums, WordsAreWrittenAndReadAsTheyAre) {
    const auto sum = device_->allocate_sum(4, 1);
    const Words some{-1, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()};
    device_->write_words(*context_, *sum, 2, some);
    EXPECT_EQ(words(*sum), (Words{0, 0, some[0], some[1], some[2]}));
    Words middle(2);
    device_->read_words(*context_, *sum, 1, middle);
    EXPECT_EQ(middle, (Words{0, -1}));
    // More than one transfer takes.
    const auto large = device_->allocate_sum(std::size_t{1} << 20, 1);
    Words all(large->words());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i * i);
    device_->write_words(*context_, *large, 0, all);
    EXPECT_EQ(words(*large), all);
}

TEST(FixedPoint, has_the_resolution_that_is_asked_for) {
    EXPECT_EQ(backend::fixed_point(1.25, 2.0, 32), std::int64_t{5} << 30);
    EXPECT_EQ(backend::fixed_point(-1.5, 2.0, 0), -2);
    EXPECT_EQ(backend::fixed_point(2.0, 2.0, 32), std::nullopt);
    EXPECT_EQ(backend::fixed_point(std::nan(""), 2.0, 32), std::nullopt);
}

}  // namespace atnas::test
