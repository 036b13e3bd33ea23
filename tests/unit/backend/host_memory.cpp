#include "atnas/backend/host_memory.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <new>

#include <gtest/gtest.h>

#include "atnas/backend/factories.hpp"

namespace atnas::backend {
namespace {

/// The flat operations of HostBackend, through the backend that adds nothing to them, in both precisions.
class HostMemory : public testing::TestWithParam<Precision> {
  protected:
    std::unique_ptr<Buffer> buffer(const std::vector<double>& values) {
        auto made = device_->allocate(values.size());
        device_->write(*context_, whole(*made), std::span<const double>(values));
        return made;
    }
    std::vector<double> values(Buffer& from) {
        std::vector<double> result(from.size());
        device_->read(*context_, whole(from), std::span<double>(result));
        return result;
    }
    static Tensor whole(Buffer& of) { return {{1, static_cast<int>(of.size()), 1, 1}, Layout::plain, of.data()}; }

    /// Whole numbers are exact in both; anything else up to a few units in the last place.
    double near() const { return GetParam() == Precision::f32 ? 1e-6 : 1e-14; }

    std::unique_ptr<Backend> device_ = make_reference_backend(GetParam());
    std::unique_ptr<Context> context_ = device_->make_context();
};

using List = std::vector<double>;

TEST_P(HostMemory, BuffersAreAlignedAndZero) {
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{17}, std::size_t{1000}}) {
        const auto made = device_->allocate(count);
        EXPECT_EQ(made->size(), count);
        EXPECT_EQ(made->precision(), GetParam());
        EXPECT_EQ(made->memory(), MemoryKind::host);
        ASSERT_NE(made->data(), nullptr);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(made->data()) % 64, 0u);
        EXPECT_EQ(values(*made), List(count, 0.0));
    }
}

TEST_P(HostMemory, ImpossibleSizeIsBadAlloc) {
    EXPECT_THROW(device_->allocate(std::numeric_limits<std::size_t>::max() / 2), std::bad_alloc);
}

TEST_P(HostMemory, FillStaysInItsRange) {
    const auto x = buffer({1, 2, 3, 4, 5});
    device_->fill(*context_, *x, {1, 3}, 9.0);
    EXPECT_EQ(values(*x), (List{1, 9, 9, 9, 5}));
    device_->fill(*context_, *x, {5, 0}, 7.0);
    EXPECT_EQ(values(*x), (List{1, 9, 9, 9, 5}));
}

TEST_P(HostMemory, CopyWithOffsets) {
    const auto from = buffer({1, 2, 3, 4, 5});
    const auto to = buffer({0, 0, 0, 0});
    device_->copy(*context_, *from, 3, *to, {1, 2});
    EXPECT_EQ(values(*to), (List{0, 4, 5, 0}));
}

TEST_P(HostMemory, CopyWithinOneBufferMayOverlap) {
    const auto x = buffer({1, 2, 3, 4, 5});
    device_->copy(*context_, *x, 0, *x, {1, 4});
    EXPECT_EQ(values(*x), (List{1, 1, 2, 3, 4}));
}

TEST_P(HostMemory, AxpyWithOffsets) {
    const auto x = buffer({1, 2, 3, 4});
    const auto y = buffer({10, 20, 30, 40, 50});
    device_->axpy(*context_, -2.0, *x, 1, *y, {2, 3});
    EXPECT_EQ(values(*y), (List{10, 20, 26, 34, 42}));
    EXPECT_EQ(values(*x), (List{1, 2, 3, 4}));
}

TEST_P(HostMemory, ScaleStaysInItsRange) {
    const auto x = buffer({1, 2, 3, 4});
    device_->scale(*context_, *x, {1, 2}, 0.5);
    EXPECT_EQ(values(*x), (List{1, 1, 1.5, 4}));
}

TEST_P(HostMemory, SquaredNormOfEveryLengthAroundTheLanes) {
    for (std::size_t count = 0; count <= 20; ++count) {
        List list(count + 2, 100.0);
        double expected = 0;
        for (std::size_t i = 0; i < count; ++i) {
            list[i + 1] = static_cast<double>(i + 1);
            expected += list[i + 1] * list[i + 1];
        }
        const auto x = buffer(list);
        EXPECT_EQ(device_->squared_norm(*context_, *x, {1, count}), expected) << count;
    }
}

TEST_P(HostMemory, SquaredNormIsSummedInDouble) {
    // In float, 2^24 + 1 is 2^24: a million ones would be lost.
    const auto x = device_->allocate(1'000'001);
    device_->fill(*context_, *x, {0, x->size()}, 1.0);
    device_->fill(*context_, *x, {0, 1}, 16384.0);
    EXPECT_EQ(device_->squared_norm(*context_, *x, {0, x->size()}), 268'435'456.0 + 1'000'000.0);
}

TEST_P(HostMemory, SquaredNormShowsNanAndInfinity) {
    List list(11, 1.0);
    list[9] = std::numeric_limits<double>::quiet_NaN();
    EXPECT_TRUE(std::isnan(device_->squared_norm(*context_, *buffer(list), {0, 11})));
    list[9] = -std::numeric_limits<double>::infinity();
    EXPECT_TRUE(std::isinf(device_->squared_norm(*context_, *buffer(list), {0, 11})));
    EXPECT_EQ(device_->squared_norm(*context_, *buffer(list), {0, 9}), 9.0);
}

TEST_P(HostMemory, AdamStepOnARange) {
    const auto gradient = buffer({9, 2.0, -4.0, 9});
    const auto weights = buffer({1, 1.0, 2.0, 1});
    const auto first = buffer({5, 1.0, 0.0, 5});
    const auto second = buffer({6, 8.0, 0.0, 6});
    device_->adam(*context_, {.rate = 0.5f, .beta1 = 0.75f, .beta2 = 0.5f, .epsilon = 0.25f}, *gradient, *weights,
                  *first, *second, {1, 2});
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

TEST_P(HostMemory, FirstAdamStepHasTheSizeOfTheRate) {
    // With bias corrections folded in: rate sqrt(1 - b2) / (1 - b1). Then w moves by the rate against the sign.
    const auto gradient = buffer({3.0, -0.01});
    const auto weights = buffer({0.0, 0.0});
    const auto first = buffer({0.0, 0.0});
    const auto second = buffer({0.0, 0.0});
    const auto rate = static_cast<float>(1e-3 * std::sqrt(1.0 - 0.999) / (1.0 - 0.9));
    device_->adam(*context_, {.rate = rate, .beta1 = 0.9f, .beta2 = 0.999f, .epsilon = 0.0f}, *gradient, *weights,
                  *first, *second, {0, 2});
    EXPECT_NEAR(values(*weights)[0], -1e-3, 1e-7);
    EXPECT_NEAR(values(*weights)[1], 1e-3, 1e-7);
}

INSTANTIATE_TEST_SUITE_P(BothPrecisions, HostMemory, testing::Values(Precision::f32, Precision::f64),
                         [](const auto& test) { return test.param == Precision::f32 ? "f32" : "f64"; });

}  // namespace
}  // namespace atnas::backend
