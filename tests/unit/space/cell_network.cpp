#include "atnas/space/cell_network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "atnas/space/cell_text.hpp"
#include "support/text_builder.hpp"

namespace atnas::space {
namespace {

using test::TextBuilder;
using Lines = std::vector<std::string>;

const std::string no_edges = "none:0+none:1|none:0+none:1|none:0+none:1|none:0+none:1";

Lines drawn(const NetworkOptions& options, const std::string& encode) {
    TextBuilder builder(shape_of(options.image));
    build_cell_subnet(builder, options, parse_cell_text(encode, options.preset));
    return builder.lines();
}

/// Names of the weights in \p lines that start with \p prefix.
std::set<std::string> weights(const Lines& lines, const std::string& prefix) {
    std::set<std::string> names;
    for (const std::string& line : lines) {
        std::size_t at = line.find(": ");
        while (at != std::string::npos) {
            const std::string name = line.substr(at + 2, line.find(' ', at + 2) - at - 2);
            if (name.starts_with(prefix)) names.insert(name);
            at = line.find(", ", at + 2);
        }
    }
    return names;
}

TEST(CellNetwork, IsStemCellsAndPooledFeatures) {
    const NetworkOptions options{.preset = CellPreset::darts,
                                 .channels = 2,
                                 .cells = 1,
                                 .reductions = {},
                                 .affine = NormAffine::no,
                                 .image = {1, 5, 4}};
    EXPECT_EQ(drawn(options, "normal=skip_connect:0+max_pool_3x3:1|none:0+none:1|none:0+none:1|none:0+none:1;reduce=" +
                                 no_edges),
              (Lines{"1 = convolution 0: stem/conv/weight 6x1x3x3",
                     "2 = norm 1: stem/norm/scale 1x6x1x1, stem/norm/shift 1x6x1x1", "3 = relu 2",
                     "4 = convolution 3: cell0/input0/conv/weight 2x6x1x1", "5 = norm 4",
                     "6 = convolution 3: cell0/input1/conv/weight 2x6x1x1", "7 = norm 6", "8 = pool 7", "9 = norm 8",
                     "10 = sum 5 9", "11 = sum", "12 = sum", "13 = sum", "14 = concat 10 11 12 13", "15 = pool 14",
                     "16 = flatten 15"}));
}

TEST(CellNetwork, NamesWeightsByCellNodeEdgeAndOperation) {
    const NetworkOptions options{.channels = 4, .cells = 2, .reductions = {1}};
    const std::string nodes =
        "sep_conv_3x3:0+conv_1x5_5x1:1|skip_connect:0+skip_connect:2|max_pool_3x3:2+dil_conv_3x3:3";
    const Lines lines = drawn(options, "normal=" + nodes + ";reduce=" + nodes);
    EXPECT_TRUE(
        weights(lines, "cell0/node2/from0/sep_conv_3x3/").contains("cell0/node2/from0/sep_conv_3x3/depthwise2/weight"));
    EXPECT_TRUE(weights(lines, "cell0/").contains("cell0/node4/from3/dil_conv_3x3/pointwise/weight"));
    EXPECT_TRUE(weights(lines, "cell0/node3/").empty()) << "skips as they are";
    // Where a cell reduces, a skip from its input does so with weights.
    EXPECT_EQ(weights(lines, "cell1/node3/"),
              (std::set<std::string>{
                  "cell1/node3/from0/skip_connect/even/weight", "cell1/node3/from0/skip_connect/odd/weight",
                  "cell1/node3/from0/skip_connect/norm/scale", "cell1/node3/from0/skip_connect/norm/shift"}));
}

TEST(CellNetwork, StemsKeepOrQuarterTheImage) {
    NetworkOptions options{
        .preset = CellPreset::darts, .channels = 16, .cells = 1, .reductions = {}, .image = {3, 83, 30}};
    const auto stem_output = [&] {
        TextBuilder builder(shape_of(options.image));
        build_cell_subnet(builder, options,
                          parse_cell_text("normal=" + no_edges + ";reduce=" + no_edges, options.preset));
        for (ValueId value = 1;; ++value)
            if (builder.shape(value).c == options.channels) return builder.shape(value - 1);
    };
    EXPECT_EQ(stem_output(), (Shape{1, 48, 83, 30}));
    options.stem = Stem::pooled;
    EXPECT_EQ(stem_output(), (Shape{1, 48, 20, 7}));
}

TEST(CellNetwork, SupernetHasTheWeightsOfEverySubnet) {
    const NetworkOptions options{.channels = 4, .cells = 2, .reductions = {1}};
    TextBuilder all(shape_of(options.image));
    build_cell_supernet(all, options);
    const auto shared = weights(all.lines(), "");
    for (const char* encode : {"og_v2", "in_v2", "v1"}) {
        const auto own = weights(drawn(options, encode), "");
        EXPECT_TRUE(std::ranges::includes(shared, own)) << encode;
        EXPECT_LT(own.size(), shared.size());
    }
}

}  // namespace
}  // namespace atnas::space
