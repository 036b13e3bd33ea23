// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cost_counter.hpp"

#include <gtest/gtest.h>

namespace atnas::space {
namespace {

TEST(CostCounter, CountsWeightsAndProducts) {
    CostCounter counter({1, 3, 9, 6});
    EXPECT_EQ(counter.cost(), Cost{});
    const auto x =
        counter.convolution(0, 8, {.kernel = {3, 3}, .stride = {2, 1}, .pad = {1, 1}}, "conv", ConvBias::yes);
    const std::int64_t map = 4 * 8 * 5 * 6;  // bytes of what each of the three computes
    EXPECT_EQ(counter.cost(), (Cost{8 * 27 + 8, 8 * 27 * 5 * 6, map}));
    const auto y = counter.norm(x, NormAffine::yes, "norm");
    EXPECT_EQ(counter.cost(), (Cost{8 * 27 + 8 + 16, 8 * 27 * 5 * 6, 2 * map}));
    counter.convolution(y, 8, {.kernel = {5, 1}, .pad = {2, 0}, .groups = 8}, "depthwise");
    EXPECT_EQ(counter.cost(), (Cost{8 * 27 + 8 + 16 + 40, 8 * 27 * 5 * 6 + 40 * 30, 3 * map}));
}

TEST(CostCounter, OtherOperationsTakeMemoryAlone) {
    CostCounter counter({1, 4, 8, 8});
    const auto x = counter.norm(0, NormAffine::no, "norm");
    const auto y = counter.pool(counter.relu(x), {PoolKind::average, {2, 2}, {2, 2}});
    counter.flatten(counter.concat({y, counter.subsample(x, 0), counter.sum({y, counter.zeros({1, 4, 4, 4})})}));
    // norm and ReLU; pool, subsample and sum; concat. Zeros and flatten compute nothing.
    EXPECT_EQ(counter.cost(), (Cost{0, 0, 4 * (2 * 4 * 64 + 3 * 4 * 16 + 12 * 16)}));
    EXPECT_EQ(counter.features(), 12 * 16);
}

TEST(CostCounter, SharedWeightsCountOnceAndWorkTwice) {
    CostCounter counter({1, 2, 4, 4});
    counter.convolution(0, 2, {}, "a");
    counter.convolution(0, 2, {}, "a");
    EXPECT_EQ(counter.cost(), (Cost{4, 2 * 4 * 16, 2 * 4 * 2 * 16}));
}

}  // namespace
}  // namespace atnas::space
