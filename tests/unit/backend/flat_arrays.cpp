// SPDX-License-Identifier: Apache-2.0
#include "unit/backend/flat_arrays.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <new>

namespace atnas::test {

using backend::BackendKind;
using backend::MemoryKind;
using List = std::vector<double>;

TEST_P(FlatArrays, BuffersAreAlignedAndZero) {
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{17}, std::size_t{1000}}) {
        const auto made = device_->allocate(count);
        EXPECT_EQ(made->size(), count);
        EXPECT_EQ(made->precision(), GetParam().precision);
        EXPECT_EQ(made->memory() == MemoryKind::device, GetParam().kind == BackendKind::cuda);
        ASSERT_NE(made->data(), nullptr);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(made->data()) % 64, 0u);
        EXPECT_EQ(values(*made), List(count, 0.0));
    }
}

TEST_P(FlatArrays, ImpossibleSizeIsBadAlloc) {
    EXPECT_THROW(device_->allocate(std::numeric_limits<std::size_t>::max() / 2), std::bad_alloc);
}

TEST_P(FlatArrays, FillStaysInItsRange) {
    const auto x = buffer({1, 2, 3, 4, 5});
    device_->fill(*context_, *x, {1, 3}, 9.0);
    EXPECT_EQ(values(*x), (List{1, 9, 9, 9, 5}));
    device_->fill(*context_, *x, {5, 0}, 7.0);
    EXPECT_EQ(values(*x), (List{1, 9, 9, 9, 5}));
}

TEST_P(FlatArrays, CopyWithOffsets) {
    const auto from = buffer({1, 2, 3, 4, 5});
    const auto to = buffer({0, 0, 0, 0});
    device_->copy(*context_, *from, 3, *to, {1, 2});
    EXPECT_EQ(values(*to), (List{0, 4, 5, 0}));
}

TEST_P(FlatArrays, CopyWithinOneBufferMayOverlap) {
    const auto x = buffer({1, 2, 3, 4, 5});
    device_->copy(*context_, *x, 0, *x, {1, 4});
    EXPECT_EQ(values(*x), (List{1, 1, 2, 3, 4}));
}

TEST_P(FlatArrays, AxpyWithOffsets) {
    const auto x = buffer({1, 2, 3, 4});
    const auto y = buffer({10, 20, 30, 40, 50});
    device_->axpy(*context_, -2.0, *x, 1, *y, {2, 3});
    EXPECT_EQ(values(*y), (List{10, 20, 26, 34, 42}));
    EXPECT_EQ(values(*x), (List{1, 2, 3, 4}));
}

TEST_P(FlatArrays, EveryRangeIsScaledByItsFactor) {
    const auto x = buffer({1, 2, 3, 4, 5, 6});
    const std::vector<backend::ScaledRange> ranges{{{4, 1}, 2.0f}, {{0, 0}, 9.0f}, {{1, 2}, 0.5f}};
    device_->scale(*context_, *x, ranges);
    EXPECT_EQ(values(*x), (List{1, 1, 1.5, 4, 10, 6}));
    device_->scale(*context_, *x, {});
    EXPECT_EQ(values(*x), (List{1, 1, 1.5, 4, 10, 6}));
}

TEST_P(FlatArrays, LongRangesAreScaledToTheirEnds) {
    // Longer than what one block of threads of a GPU takes.
    const auto x = device_->allocate(20000);
    device_->fill(*context_, *x, {0, 20000}, 3.0);
    const std::vector<backend::ScaledRange> ranges{{{1, 4096}, 2.0f}, {{5000, 14999}, 4.0f}};
    device_->scale(*context_, *x, ranges);
    const List after = values(*x);
    for (std::size_t i = 0; i < after.size(); ++i)
        ASSERT_EQ(after[i], i >= 1 && i < 4097 ? 6.0 : i >= 5000 && i < 19999 ? 12.0 : 3.0) << i;
}

TEST_P(FlatArrays, LerpByAFactorOfEveryRange) {
    const auto x = buffer({1, 2, 3, 4, 5, 1e-30});
    const auto y = buffer({10, 20, 30, 40, 50, 1e30});
    const std::vector<backend::ScaledRange> ranges{{{1, 2}, 0.25f}, {{3, 0}, 0.5f}, {{4, 2}, 1.0f}};
    device_->lerp(*context_, *x, *y, ranges);
    const List after = values(*y);
    EXPECT_EQ((List{after.begin(), after.end() - 1}), (List{10, 15.5, 23.25, 40, 5}));
    EXPECT_NEAR(after.back(), 1e-30, 1e-36) << "a factor of 1 leaves nothing of what was there";
    EXPECT_EQ(values(*x).front(), 1);
    device_->lerp(*context_, *x, *y, {});
    EXPECT_EQ(values(*y), after);
}

TEST_P(FlatArrays, SquaredNormOfEveryLengthAroundTheLanes) {
    for (std::size_t count = 0; count <= 20; ++count) {
        List list(count + 2, 100.0);
        double expected = 0;
        for (std::size_t i = 0; i < count; ++i) {
            list[i + 1] = static_cast<double>(i + 1);
            expected += list[i + 1] * list[i + 1];
        }
        const auto x = buffer(list);
        EXPECT_EQ(squared_norm(*x, {1, count}), expected) << count;
        // Nothing is waited for where there is nothing to sum.
        device_->finish(*context_);
    }
}

TEST_P(FlatArrays, SquaredNormIsSummedInDouble) {
    // In float, 2^24 + 1 is 2^24: a million ones would be lost.
    const auto x = device_->allocate(1'000'001);
    device_->fill(*context_, *x, {0, x->size()}, 1.0);
    device_->fill(*context_, *x, {0, 1}, 16384.0);
    EXPECT_EQ(squared_norm(*x, {0, x->size()}), 268'435'456.0 + 1'000'000.0);
}

TEST_P(FlatArrays, SquaredNormShowsNanAndInfinity) {
    List list(11, 1.0);
    list[9] = std::numeric_limits<double>::quiet_NaN();
    EXPECT_TRUE(std::isnan(squared_norm(*buffer(list), {0, 11})));
    list[9] = -std::numeric_limits<double>::infinity();
    EXPECT_TRUE(std::isinf(squared_norm(*buffer(list), {0, 11})));
    EXPECT_EQ(squared_norm(*buffer(list), {0, 9}), 9.0);
}

TEST_P(FlatArrays, AdamStepOnARange) {
    const auto gradient = buffer({9, 2.0, -4.0, 9});
    const auto weights = buffer({1, 1.0, 2.0, 1});
    const auto first = buffer({5, 1.0, 0.0, 5});
    const auto second = buffer({6, 8.0, 0.0, 6});
    const std::vector<backend::AdamRange> ranges{
        {{1, 2}, {.rate = 0.5f, .beta1 = 0.75f, .beta2 = 0.5f, .epsilon = 0.25f}}};
    device_->adam(*context_, ranges, *gradient, *weights, *first, *second);
    // m = 0.75 * 1 + 0.25 * 2 and 0.25 * -4; v = 0.5 * 8 + 0.5 * 4 and 0.5 * 16
    EXPECT_EQ(values(*first), (List{5, 1.25, -1.0, 5}));
    EXPECT_EQ(values(*second), (List{6, 6.0, 8.0, 6}));
    const auto after = values(*weights);
    EXPECT_EQ(after[0], 1.0);
    EXPECT_NEAR(after[1], 1.0 - 0.5 * 1.25 / (std::sqrt(6.0) + 0.25), near());
    EXPECT_NEAR(after[2], 2.0 + 0.5 * 1.0 / (std::sqrt(8.0) + 0.25), near());
    EXPECT_EQ(after[3], 1.0);
    EXPECT_EQ(values(*gradient), (List{9, 2.0, -4.0, 9}));
}

TEST_P(FlatArrays, FirstAdamStepHasTheSizeOfTheRate) {
    // With bias corrections folded in: rate sqrt(1 - b2) / (1 - b1). Then w moves by the rate against the sign.
    const auto gradient = buffer({3.0, -0.01});
    const auto weights = buffer({0.0, 0.0});
    const auto first = buffer({0.0, 0.0});
    const auto second = buffer({0.0, 0.0});
    const auto rate = static_cast<float>(1e-3 * std::sqrt(1.0 - 0.999) / (1.0 - 0.9));
    const backend::AdamStep step{.rate = rate, .beta1 = 0.9f, .beta2 = 0.999f, .epsilon = 0.0f};
    // Each range by its own numbers.
    const std::vector<backend::AdamRange> ranges{{{0, 1}, step}, {{1, 1}, {2.0f * rate, 0.9f, 0.999f, 0.0f}}};
    device_->adam(*context_, ranges, *gradient, *weights, *first, *second);
    EXPECT_NEAR(values(*weights)[0], -1e-3, 1e-7);
    EXPECT_NEAR(values(*weights)[1], 2e-3, 1e-7);
}

TEST_P(FlatArrays, SgdStepOnRanges) {
    const auto gradient = buffer({9, 2, -4, 9, 1});
    const auto weights = buffer({1, 1, 2, 1, 3});
    const auto velocity = buffer({5, 2, 0, 5, -1});
    const std::vector<backend::Range> ranges{{1, 2}, {4, 1}};
    device_->sgd(*context_, {.rate = 0.25f, .momentum = 0.5f}, ranges, *gradient, *weights, *velocity);
    EXPECT_EQ(values(*velocity), (List{5, 3, -4, 5, 0.5}));
    EXPECT_EQ(values(*weights), (List{1, 0.25, 3, 1, 2.875}));
    EXPECT_EQ(values(*gradient), (List{9, 2, -4, 9, 1}));
}

TEST_P(FlatArrays, SquaredNormOfSeveralRanges) {
    const auto x = buffer({1, 2, 100, 3, 4});
    const std::vector<backend::Range> ranges{{0, 2}, {4, 0}, {3, 2}};
    EXPECT_EQ(device_->squared_norm(*context_, *x, ranges), 30.0);
    EXPECT_EQ(device_->squared_norm(*context_, *x, {}), 0.0);
}

TEST_P(FlatArrays, SegmentsAreGathered) {
    const auto shared = buffer({0, 1, 2, 3, 4, 5, 6, 7});
    const auto local = buffer({9, 9, 9, 9, 9});
    const std::vector<backend::Segment> segments{{.shared = 6, .local = 0, .count = 2},
                                                 {.shared = 1, .local = 2, .count = 0},
                                                 {.shared = 1, .local = 3, .count = 1}};
    const auto map = device_->map_segments(segments);
    device_->gather(*context_, *map, *shared, *local);
    EXPECT_EQ(values(*local), (List{6, 7, 9, 1, 9}));
    EXPECT_EQ(values(*shared), (List{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST_P(FlatArrays, NoSegmentsAreNoWork) {
    const auto shared = buffer({1, 2});
    const auto local = buffer({3});
    const auto map = device_->map_segments({});
    device_->gather(*context_, *map, *shared, *local);
    EXPECT_EQ(values(*local), (List{3}));
    EXPECT_EQ(values(*shared), (List{1, 2}));
}

TEST_P(FlatArrays, MoreThanOneTransferTakes) {
    List list((std::size_t{1} << 21) + 3);
    for (std::size_t i = 0; i < list.size(); ++i) list[i] = static_cast<double>(i % 8191);
    EXPECT_EQ(values(*buffer(list)), list);
}

TEST_P(FlatArrays, WorkOfTwoContextsComesInOrder) {
    const auto other = device_->make_context();
    const auto x = buffer({1, 2, 3});
    const auto y = buffer({0, 0, 0});
    device_->wait(*other, *context_);
    device_->axpy(*other, 1.0, *x, 0, *x, {0, 3});
    device_->wait(*context_, *other);
    device_->axpy(*context_, 1.0, *x, 0, *y, {0, 3});
    EXPECT_EQ(values(*y), (List{2, 4, 6}));
    device_->finish(*other);
}

}  // namespace atnas::test
