// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/network_builder.hpp"

#include <gtest/gtest.h>

#include "support/text_builder.hpp"

namespace atnas::space {
namespace {

using test::TextBuilder;

TEST(NetworkBuilder, KnowsTheShapesOfItsValues) {
    TextBuilder builder({1, 3, 9, 6});
    EXPECT_EQ(builder.shape(0), (Shape{1, 3, 9, 6}));
    const auto conv =
        builder.convolution(0, 8, {.kernel = {3, 3}, .stride = {2, 1}, .pad = {1, 1}}, "conv", ConvBias::yes);
    EXPECT_EQ(builder.shape(conv), (Shape{1, 8, 5, 6}));
    EXPECT_EQ(builder.shape(builder.convolution(conv, 4, {.kernel = {3, 3}, .dilation = {2, 2}}, "dilated")),
              (Shape{1, 4, 1, 2}));
    EXPECT_EQ(builder.shape(builder.norm(conv, NormAffine::yes, "norm")), (Shape{1, 8, 5, 6}));
    EXPECT_EQ(builder.shape(builder.pool(conv, {PoolKind::max, {2, 2}, {2, 2}})), (Shape{1, 8, 2, 3}));
    EXPECT_EQ(builder.shape(builder.subsample(conv, 1)), (Shape{1, 8, 3, 3}));
    EXPECT_EQ(builder.shape(builder.sum({conv, conv})), (Shape{1, 8, 5, 6}));
    EXPECT_EQ(builder.shape(builder.zeros({1, 2, 3, 4})), (Shape{1, 2, 3, 4}));
    EXPECT_EQ(builder.shape(builder.concat({conv, builder.relu(conv)})), (Shape{1, 16, 5, 6}));
    builder.flatten(conv);
    EXPECT_EQ(builder.features(), 8 * 5 * 6);
}

TEST(NetworkBuilder, HandsOnOperationsInOrder) {
    TextBuilder builder({1, 6, 4, 4});
    const auto x = builder.convolution(0, 4, {.kernel = {5, 1}, .pad = {2, 0}, .groups = 2}, "a", ConvBias::yes);
    const auto y = builder.norm(x, NormAffine::yes, "n");
    const auto z = builder.norm(y, NormAffine::no, "bare");
    builder.flatten(builder.sum({y, z, builder.zeros(builder.shape(z))}));
    EXPECT_EQ(builder.lines(), (std::vector<std::string>{"1 = convolution 0: a/weight 4x3x5x1, a/bias 1x4x1x1",
                                                         "2 = norm 1: n/scale 1x4x1x1, n/shift 1x4x1x1", "3 = norm 2",
                                                         "4 = sum", "5 = sum 2 3 4", "6 = flatten 5"}));
}

TEST(NetworkBuilder, LosesResultsWhereItIsToldTo) {
    TextBuilder plain({1, 2, 4, 4});
    EXPECT_EQ(plain.drop(plain.convolution(0, 3, {}, "x")), 1);
    TextBuilder losing({1, 2, 4, 4}, Drops::yes);
    const auto lost = losing.drop(losing.convolution(0, 3, {}, "x"));
    EXPECT_EQ(losing.shape(lost), (Shape{1, 3, 4, 4}));
    EXPECT_EQ(losing.lines().back(), "2 = drop 1");
}

TEST(NetworkBuilder, MakesOneReluPerValue) {
    TextBuilder builder({1, 2, 4, 4});
    const auto x = builder.convolution(0, 2, {}, "x");
    const auto y = builder.convolution(0, 2, {}, "y");
    EXPECT_EQ(builder.relu(x), builder.relu(x));
    EXPECT_NE(builder.relu(x), builder.relu(y));
    EXPECT_EQ(builder.lines().size(), 4u);
    EXPECT_EQ(builder.lines().back(), "4 = relu 2");
}

}  // namespace
}  // namespace atnas::space
