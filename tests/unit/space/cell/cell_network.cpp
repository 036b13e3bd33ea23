// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cell/cell_network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "atnas/space/cell/cell_text.hpp"
#include "support/text_builder.hpp"

namespace atnas::space {
namespace {

using test::TextBuilder;
using Lines = std::vector<std::string>;

const std::string no_edges = "none:0+none:1|none:0+none:1|none:0+none:1|none:0+none:1";

Lines drawn(const NetworkOptions& options, const std::string& encode) {
    TextBuilder builder(shape_of(options.image));
    build_cell_subnet(builder, options, parse_cell_text(encode, options.cell.preset));
    return builder.lines();
}

/// Weights of a subnet whose names start with \p prefix.
std::set<std::string> weights(const NetworkOptions& options, const std::string& encode, const std::string& prefix) {
    TextBuilder builder(shape_of(options.image));
    build_cell_subnet(builder, options, parse_cell_text(encode, options.cell.preset));
    std::set<std::string> names = builder.weights();
    std::erase_if(names, [&](const std::string& name) { return !name.starts_with(prefix); });
    return names;
}

TEST(CellNetwork, IsStemCellsAndPooledFeatures) {
    const NetworkOptions options{
        .channels = 2,
        .image = {1, 5, 4},
        .cell = {.preset = CellPreset::darts, .cells = 1, .reductions = {}, .affine = NormAffine::no}};
    EXPECT_EQ(drawn(options, "normal=skip_connect:0+max_pool_3x3:1|none:0+none:1|none:0+none:1|none:0+none:1;reduce=" +
                                 no_edges),
              (Lines{"1 = convolution 0: stem/conv/weight 6x1x3x3",
                     "2 = norm 1: stem/norm/scale 1x6x1x1, stem/norm/shift 1x6x1x1", "3 = relu 2",
                     "4 = convolution 3: cell0/input0/conv/weight 2x6x1x1", "5 = norm 4",
                     "6 = convolution 3: cell0/input1/conv/weight 2x6x1x1", "7 = norm 6", "8 = pool(max) 7",
                     "9 = norm 8", "10 = sum 5 9", "11 = sum", "12 = sum", "13 = sum", "14 = concat 10 11 12 13",
                     "15 = pool(average) 14", "16 = flatten 15"}));
}

TEST(CellNetwork, AllEdgesButSkipsMayBeLost) {
    const NetworkOptions options{
        .channels = 2,
        .image = {1, 5, 4},
        .cell = {.preset = CellPreset::darts, .cells = 1, .reductions = {}, .affine = NormAffine::no}};
    TextBuilder builder(shape_of(options.image), Drops::yes);
    build_cell_subnet(
        builder, options,
        parse_cell_text(
            "normal=skip_connect:0+max_pool_3x3:1|none:0+dil_conv_3x3:1|none:0+none:1|none:0+none:1;reduce=" + no_edges,
            options.cell.preset));
    Lines kept;
    for (const std::string& line : builder.lines())
        if (line.find("drop") != std::string::npos || line.find("sum") != std::string::npos) kept.push_back(line);
    EXPECT_EQ(kept, (Lines{"10 = drop 9", "11 = sum 5 10", "16 = drop 15", "17 = sum 16", "18 = sum", "19 = sum"}));
}

TEST(CellNetwork, NamesWeightsByCellNodeEdgeAndOperation) {
    const NetworkOptions options{.channels = 4, .cell = {.cells = 2, .reductions = {1}}};
    const std::string nodes =
        "sep_conv_3x3:0+conv_1x5_5x1:1|skip_connect:0+skip_connect:2|max_pool_3x3:2+dil_conv_3x3:3";
    const std::string encode = "normal=" + nodes + ";reduce=" + nodes;
    EXPECT_TRUE(weights(options, encode, "cell0/node2/from0/sep_conv_3x3/")
                    .contains("cell0/node2/from0/sep_conv_3x3/depthwise2/weight"));
    EXPECT_TRUE(weights(options, encode, "cell0/").contains("cell0/node4/from3/dil_conv_3x3/pointwise/weight"));
    EXPECT_TRUE(weights(options, encode, "cell0/node3/").empty()) << "skips as they are";
    // Where a cell reduces, a skip from its input does so with weights.
    EXPECT_EQ(weights(options, encode, "cell1/node3/"),
              (std::set<std::string>{
                  "cell1/node3/from0/skip_connect/even/weight", "cell1/node3/from0/skip_connect/odd/weight",
                  "cell1/node3/from0/skip_connect/norm/scale", "cell1/node3/from0/skip_connect/norm/shift"}));
}

TEST(CellNetwork, StemsKeepOrQuarterTheImage) {
    NetworkOptions options{
        .channels = 16, .image = {3, 83, 30}, .cell = {.preset = CellPreset::darts, .cells = 1, .reductions = {}}};
    const auto stem_output = [&] {
        TextBuilder builder(shape_of(options.image));
        build_cell_subnet(builder, options,
                          parse_cell_text("normal=" + no_edges + ";reduce=" + no_edges, options.cell.preset));
        for (ValueId value = 1;; ++value)
            if (builder.shape(value).c == options.channels) return builder.shape(value - 1);
    };
    EXPECT_EQ(stem_output(), (Shape{1, 48, 83, 30}));
    options.cell.stem = Stem::pooled;
    EXPECT_EQ(stem_output(), (Shape{1, 48, 20, 7}));
    options.cell.stem_multiplier = 4;
    EXPECT_EQ(stem_output(), (Shape{1, 64, 20, 7}));
}

TEST(CellNetwork, SupernetHasTheWeightsOfEverySubnet) {
    const NetworkOptions options{.channels = 4, .cell = {.cells = 2, .reductions = {1}}};
    TextBuilder all(shape_of(options.image));
    build_cell_supernet(all, options);
    const auto shared = all.weights();
    for (const char* encode : {"og_v2", "in_v2", "v1"}) {
        const auto own = weights(options, encode, "");
        EXPECT_TRUE(std::ranges::includes(shared, own)) << encode;
        EXPECT_LT(own.size(), shared.size());
    }
}

}  // namespace
}  // namespace atnas::space
