// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/graph.hpp"

#include <gtest/gtest.h>

namespace {

using namespace atnas;
using backend::Shape;

TEST(Graph, keeps_operations_as_nodes) {
    nn::Manifest manifest;
    nn::Graph graph(manifest, {1, 3, 9, 6});
    const auto conv = graph.convolution(0, 8, {.kernel = {3, 3}, .stride = {2, 1}, .pad = {1, 1}}, "conv");
    graph.flatten(graph.relu(conv));
    ASSERT_EQ(graph.nodes().size(), 2u);
    EXPECT_EQ(graph.nodes()[0].kind, nn::NodeKind::convolution);
    EXPECT_EQ(graph.nodes()[0].convolution.stride, (backend::Extent{2, 1}));
    EXPECT_EQ(graph.nodes()[0].inputs, (std::vector<nn::ValueId>{0}));
    EXPECT_EQ(graph.nodes()[0].output, conv);
    EXPECT_EQ(graph.nodes()[0].blocks, (std::vector<nn::BlockId>{0}));
    EXPECT_EQ(graph.nodes()[1].inputs, (std::vector<nn::ValueId>{2}));
    ASSERT_EQ(graph.values().size(), 4u);
    for (nn::ValueId value = 0; value < 4; ++value)
        EXPECT_EQ(graph.values()[static_cast<std::size_t>(value)].shape, graph.shape(value));
    EXPECT_EQ(graph.values()[0].layout, backend::Layout::plain);
    EXPECT_EQ(graph.values()[1].layout, backend::Layout::native);
    EXPECT_EQ(graph.values()[2].layout, backend::Layout::native);
    EXPECT_EQ(graph.values()[3].layout, backend::Layout::plain);
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
