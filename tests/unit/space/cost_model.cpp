// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cost_model.hpp"

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::space {
namespace {

Cost subnet(const NetworkOptions& options, const std::string& encode) {
    return CostModel(options).subnet(make_search_space(options)->from_text(encode));
}

TEST(CostModel, Conv4OfMaml) {
    NetworkOptions options{.kind = "conv4", .channels = 32, .image = {3, 84, 84}};
    EXPECT_EQ(subnet(options, "conv4").parameters, 32901);
    EXPECT_EQ(CostModel(options).supernet().parameters, 32901);
    options.conv4.bias = ConvBias::no;
    EXPECT_EQ(subnet(options, "conv4").parameters, 32901 - 4 * 32);
}

TEST(CostModel, Conv4Macs) {
    const NetworkOptions options{.kind = "conv4", .channels = 64};
    // 28, 14, 7, 3 pixels a side, one left for the head
    const std::int64_t expected = 9 * 64 * 784 + 9 * 64 * 64 * (196 + 49 + 9) + 64 * 5;
    EXPECT_EQ(subnet(options, "conv4").macs, expected);
    EXPECT_NEAR(static_cast<double>(expected), 9.8e6, 0.05e6);
}

TEST(CostModel, MetaNasSupernetOnOmniglot) {
    const NetworkOptions options{.channels = 28, .way = 20, .cell = {.affine = NormAffine::no}};
    EXPECT_EQ(CostModel(options).supernet(), Cost{462272});
}

TEST(CostModel, MetaNasFoundNetworks) {
    NetworkOptions options{.channels = 96, .way = 20, .cell = {.cells = 5}};
    EXPECT_EQ(subnet(options, "og_v2").parameters, 1056116);
    options.image = {3, 84, 84};
    options.way = 5;
    EXPECT_EQ(subnet(options, "in_v2").parameters, 1160741);
}

TEST(CostModel, TransferNasSupernetOnMiniImageNet) {
    const NetworkOptions options{.channels = 16,
                                 .image = {3, 84, 84},
                                 .cell = {.preset = CellPreset::darts,
                                          .cells = 2,
                                          .reductions = {1},
                                          .growth = 2,
                                          .stem = Stem::pooled,
                                          .affine = NormAffine::no}};
    EXPECT_EQ(CostModel(options).supernet().parameters, 201181);
}

TEST(CostModel, NoMemberCostsMoreThanTheLargest) {
    std::vector<NetworkOptions> all{{.kind = "conv4", .channels = 8}, {.channels = 8}, {.channels = 8}};
    all.back().cell.preset = CellPreset::darts;
    for (const NetworkOptions& options : all) {
        const CostModel costs(options);
        const Cost largest = costs.largest();
        const auto space = make_search_space(options);
        RandomStream random({.seed = 1});
        // Uphill from an encode at random: far above what chance alone finds.
        for (int start = 0; start < 10; ++start) {
            Genotype genotype = space->sample(random);
            for (int step = 0; step < 200; ++step) {
                const Genotype mutant = space->mutate(genotype, 0.1, random);
                const Cost cost = costs.subnet(mutant);
                ASSERT_LE(cost.macs, largest.macs);
                ASSERT_LE(cost.parameters, largest.parameters);
                ASSERT_LE(cost.memory, largest.memory);
                if (cost.macs >= costs.subnet(genotype).macs) genotype = mutant;
            }
        }
        NetworkOptions bounded = options;
        bounded.max_macs = static_cast<double>(largest.macs) / 2;
        if (options.kind == "cell") {
            EXPECT_EQ(CostModel(bounded).largest(), largest);
        }
    }
    EXPECT_EQ(CostModel(all[0]).largest(), subnet(all[0], "conv4"));
}

TEST(CostModel, MetaNasMacs) {
    EXPECT_NEAR(static_cast<double>(subnet({.channels = 16}, "og_v2").macs), 9.4e6, 0.05e6);
    EXPECT_NEAR(static_cast<double>(subnet({.channels = 32}, "og_v2").macs), 34.8e6, 0.05e6);
}

TEST(CostModel, OneReductionCellByHand) {
    NetworkOptions options{
        .channels = 2, .image = {1, 5, 4}, .way = 3, .cell = {.cells = 1, .reductions = {0}, .affine = NormAffine::no}};
    const std::string normal = "normal=max_pool_3x3:0+max_pool_3x3:1|conv_3x3:0+conv_3x3:1|conv_3x3:0+conv_3x3:1;";
    const std::string encode =
        normal + "reduce=conv_1x5_5x1:0+skip_connect:1|sep_conv_3x3:1+conv_1x5_5x1:2|max_pool_3x3:0+skip_connect:3";
    // stem and its norm, two inputs, conv_1x5_5x1 and factorised reduce, sep_conv and conv_1x5_5x1, head
    EXPECT_EQ(subnet(options, encode).parameters, 54 + 12 + 24 + 40 + 4 + 44 + 40 + 21);
    // 20 pixels in, 3 x 2 out; the 1x5 convolution of the strided edge still has 5 rows
    EXPECT_EQ(subnet(options, encode).macs, 1080 + 480 + 20 * 10 + 20 * 6 + 4 * 6 + 44 * 6 + 40 * 6 + 18);

    // Two inputs, conv_1x5_5x1 twice, factorised reduce, sep_conv twice, pool; the plain skip has no norm.
    options.cell.affine = NormAffine::yes;
    EXPECT_EQ(subnet(options, encode).parameters, 239 + 8 * 4);
}

TEST(CostModel, CellAfterAReductionReadsTheOlderInputAtItsSize) {
    // darts without operations: stem, inputs and head are all there is.
    const NetworkOptions options{
        .channels = 4,
        .image = {1, 7, 7},
        .way = 2,
        .cell = {.preset = CellPreset::darts, .cells = 3, .reductions = {1}, .growth = 2, .affine = NormAffine::no}};
    const std::string cell = "none:0+none:1|none:0+none:1|none:0+none:1|none:0+none:1";
    const Cost cost = subnet(options, "normal=" + cell + ";reduce=" + cell);
    // Widths 4, 8, 8, outputs 16, 32, 32, the stem's 12; the third cell works on 4 x 4.
    const std::int64_t first = 12 * 4 + 12 * 4;
    const std::int64_t second = 12 * 8 + 16 * 8;
    const std::int64_t third = 16 * 8 + 32 * 8;
    EXPECT_EQ(cost.parameters, 9 * 12 + 24 + first + second + third + 33 * 2);
    EXPECT_EQ(cost.macs, 9 * 12 * 49 + (first + second) * 49 + third * 16 + 32 * 2);
}

TEST(CostModel, PooledStemMacs) {
    NetworkOptions options{
        .channels = 4, .image = {3, 14, 14}, .cell = {.preset = CellPreset::darts, .cells = 1, .reductions = {}}};
    const std::string cell = "none:0+none:1|none:0+none:1|none:0+none:1|none:0+none:1";
    const std::string encode = "normal=" + cell + ";reduce=" + cell;
    const std::int64_t inputs = 2 * 12 * 4;
    EXPECT_EQ(subnet(options, encode).macs, 9 * 3 * 12 * 196 + inputs * 196 + 16 * 5);
    options.cell.stem = Stem::pooled;
    EXPECT_EQ(subnet(options, encode).macs, 9 * 3 * 6 * 196 + 9 * 6 * 12 * 49 + inputs * 9 + 16 * 5);
    options.cell.stem_multiplier = 1;
    EXPECT_EQ(subnet(options, encode).macs, 9 * 3 * 2 * 196 + 9 * 2 * 4 * 49 + inputs / 3 * 9 + 16 * 5);
}

TEST(CostModel, PoolsOfDartsAreNeverAffine) {
    NetworkOptions options{.channels = 4, .cell = {.preset = CellPreset::darts, .cells = 1, .reductions = {}}};
    const std::string rest =
        "|none:0+none:1|none:0+none:1|none:0+none:1;reduce="
        "none:0+none:1|none:0+none:1|none:0+none:1|none:0+none:1";
    const auto parameters = [&](const std::string& node) {
        return subnet(options, "normal=" + node + rest).parameters;
    };
    EXPECT_EQ(parameters("max_pool_3x3:0+avg_pool_3x3:1"), parameters("none:0+none:1"));
    EXPECT_EQ(parameters("dil_conv_5x5:0+none:1"), parameters("none:0+none:1") + 25 * 4 + 16 + 8);
    EXPECT_EQ(parameters("sep_conv_5x5:0+none:1"), parameters("none:0+none:1") + 2 * (25 * 4 + 16 + 8));
}

TEST(CostModel, EveryHeadCounts) {
    NetworkOptions options{.head = Head::linear};
    const Cost linear = subnet(options, "v1");
    for (const Head head : all_heads) {
        options.head = head;
        EXPECT_EQ(subnet(options, "v1"), linear);
    }
    options.way = 6;
    EXPECT_EQ(subnet(options, "v1").parameters, linear.parameters + 3 * 16 + 1);
}

TEST(CostModel, RefusesOptionsThatAreNoNetwork) {
    try {
        CostModel model(NetworkOptions{.cell = {.reductions = {7}}});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_deck);
    }
}

}  // namespace
}  // namespace atnas::space
