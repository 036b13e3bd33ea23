#include "atnas/nn/graph.hpp"

#include <gtest/gtest.h>

namespace {

using namespace atnas;
using backend::Shape;

TEST(Graph, knows_the_shapes_of_its_values) {
    nn::Manifest manifest;
    nn::Graph graph(manifest, {1, 3, 9, 6});
    EXPECT_EQ(graph.shape(0), (Shape{1, 3, 9, 6}));
    const auto conv =
        graph.convolution(0, 8, {.kernel = {3, 3}, .stride = {2, 1}, .pad = {1, 1}}, "conv", space::ConvBias::yes);
    EXPECT_EQ(graph.shape(conv), (Shape{1, 8, 5, 6}));
    EXPECT_EQ(graph.shape(graph.pool(conv, {backend::PoolKind::max, {2, 2}, {2, 2}})), (Shape{1, 8, 2, 3}));
    EXPECT_EQ(graph.shape(graph.subsample(conv, 1)), (Shape{1, 8, 3, 3}));
    EXPECT_EQ(graph.shape(graph.sum({conv, conv})), (Shape{1, 8, 5, 6}));
    EXPECT_EQ(graph.shape(graph.zeros({1, 2, 3, 4})), (Shape{1, 2, 3, 4}));
    EXPECT_EQ(graph.shape(graph.concat({conv, graph.relu(conv)})), (Shape{1, 16, 5, 6}));
    graph.flatten(conv);
    EXPECT_EQ(graph.features(), 8 * 5 * 6);
    EXPECT_EQ(graph.values().back().layout, backend::Layout::plain);
}

TEST(Graph, requires_blocks_as_they_are_used) {
    nn::Manifest manifest;
    nn::Graph graph(manifest, {1, 6, 4, 4});
    const auto x = graph.convolution(0, 6, {.kernel = {5, 1}, .pad = {2, 0}, .groups = 3}, "a", space::ConvBias::yes);
    const auto y = graph.norm(x, space::NormAffine::yes, "n");
    graph.norm(y, space::NormAffine::no, "bare");
    graph.convolution(y, 6, {.kernel = {5, 1}, .pad = {2, 0}, .groups = 3}, "a");  // the same weight again
    ASSERT_EQ(manifest.blocks().size(), 4u);
    EXPECT_EQ(manifest.block(0).name, "a/weight");
    EXPECT_EQ(manifest.block(0).shape, (Shape{6, 2, 5, 1}));
    EXPECT_EQ(manifest.block(0).initial, nn::Initial::he_normal);
    EXPECT_EQ(manifest.block(1).name, "a/bias");
    EXPECT_EQ(manifest.block(1).initial, nn::Initial::zero);
    EXPECT_EQ(manifest.block(2).name, "n/scale");
    EXPECT_EQ(manifest.block(2).initial, nn::Initial::one);
    EXPECT_EQ(manifest.block(3).name, "n/shift");
    EXPECT_EQ(graph.blocks(), (std::vector<nn::BlockId>{0, 1, 2, 3}));
}

TEST(Graph, makes_one_relu_per_value) {
    nn::Manifest manifest;
    nn::Graph graph(manifest, {1, 2, 4, 4});
    const auto x = graph.convolution(0, 2, {}, "x");
    const auto y = graph.convolution(0, 2, {}, "y");
    EXPECT_EQ(graph.relu(x), graph.relu(x));
    EXPECT_NE(graph.relu(x), graph.relu(y));
    EXPECT_EQ(graph.values()[static_cast<std::size_t>(graph.relu(y))].relu_of, y);
    EXPECT_EQ(graph.nodes().size(), 2u);
}

}  // namespace
