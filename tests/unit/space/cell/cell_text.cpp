// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cell/cell_text.hpp"

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

namespace atnas::space {
namespace {

const std::string og_v2_text =
    "normal=dil_conv_3x3:0+sep_conv_3x3:1|avg_pool_3x3:0+sep_conv_3x3:1|conv_1x5_5x1:0+conv_3x3:2;"
    "reduce=skip_connect:0+sep_conv_3x3:1|conv_3x3:0+dil_conv_3x3:1|dil_conv_3x3:0+conv_1x5_5x1:2";

/// What parsing \p text complains about; it must be a deck error that shows a legal example.
std::string complaint(const std::string& text, CellPreset preset = CellPreset::metanas) {
    try {
        parse_cell_text(text, preset);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_deck);
        EXPECT_NE(std::string(error.what()).find("a legal encode is 'normal="), std::string::npos) << error.what();
        return error.what();
    }
    return "no complaint";
}

std::string replaced(std::string text, const std::string& part, const std::string& by) {
    return text.replace(text.find(part), part.size(), by);
}

TEST(CellText, PublishedEncodesAreKnownByName) {
    const CellGenotype og = parse_cell_text("og_v2", CellPreset::metanas);
    EXPECT_EQ(og, parse_cell_text(og_v2_text, CellPreset::metanas));
    EXPECT_EQ(og.normal[2], (CellNode{{0, CellOp::conv_1x5_5x1}, {2, CellOp::conv_3x3}}));
    EXPECT_EQ(og.reduction[0], (CellNode{{0, CellOp::skip_connect}, {1, CellOp::sep_conv_3x3}}));

    const CellGenotype in = parse_cell_text("in_v2", CellPreset::metanas);
    EXPECT_EQ(in.normal[2], (CellNode{{1, CellOp::dil_conv_3x3}, {3, CellOp::conv_1x5_5x1}}));
    const CellGenotype v1 = parse_cell_text("v1", CellPreset::metanas);
    EXPECT_EQ(v1.reduction[2], (CellNode{{2, CellOp::dil_conv_3x3}, {3, CellOp::conv_1x5_5x1}}));
}

TEST(CellText, EveryPublishedEncodeIsLegalAndCanonical) {
    for (const PublishedCells& cells : published_cells()) {
        const CellGenotype parsed = parse_cell_text(std::string(cells.name), cells.preset);
        EXPECT_TRUE(is_legal_cell_genotype(encode(parsed, cells.preset), cells.preset)) << cells.name;
        EXPECT_EQ(cell_text(parsed), cells.text) << cells.name;
    }
}

TEST(CellText, BlanksAndOrderOfEdgesDoNotMatter) {
    const std::string loose =
        replaced(og_v2_text, "dil_conv_3x3:0+sep_conv_3x3:1", " sep_conv_3x3 : 1 + dil_conv_3x3:0 ");
    EXPECT_EQ(cell_text(parse_cell_text(loose, CellPreset::metanas)), og_v2_text);
}

TEST(CellText, ErrorsNameThePartAtFault) {
    const auto says = [](const std::string& text, const std::string& part) {
        const std::string message = complaint(text);
        EXPECT_NE(message.find(part), std::string::npos) << message;
    };
    says("", "encode ''");
    says("og_v3", "did you mean 'og_v2'");
    says("normal=conv_3x3:0+conv_3x3:1", "'normal=...;reduce=...'");
    says(og_v2_text + ";", "'normal=...;reduce=...'");
    says(replaced(og_v2_text, "reduce=", "reduction="), "'reduce='");
    says(replaced(og_v2_text, "|avg_pool_3x3:0+sep_conv_3x3:1", ""), "2 nodes");
    says(replaced(og_v2_text, "dil_conv_3x3:0+", ""), "node 'sep_conv_3x3:1'");
    says(replaced(og_v2_text, "dil_conv_3x3:0", "dil_conv_3x3"), "edge 'dil_conv_3x3'");
    says(replaced(og_v2_text, "dil_conv_3x3:0", "dil_conv3x3:0"), "did you mean 'dil_conv_3x3'");
    says(replaced(og_v2_text, "dil_conv_3x3:0", "dil_conv_5x5:0"), "metanas preset knows");
    says(replaced(og_v2_text, "dil_conv_3x3:0", "dil_conv_3x3:2"), "node 2 may read inputs 0 to 1");
    says(replaced(og_v2_text, "conv_3x3:2;", "conv_3x3:4;"), "node 4 may read inputs 0 to 3");
    says(replaced(og_v2_text, "dil_conv_3x3:0", "dil_conv_3x3:-1"), "edge 'dil_conv_3x3:-1'");
    says(replaced(og_v2_text, "dil_conv_3x3:0", "dil_conv_3x3:0x"), "edge 'dil_conv_3x3:0x'");
    says(replaced(og_v2_text, "dil_conv_3x3:0", "dil_conv_3x3:"), "edge 'dil_conv_3x3:'");
    says(replaced(og_v2_text, "dil_conv_3x3:0", "dil_conv_3x3:99999999999"), "99999999999");
    says(replaced(og_v2_text, "dil_conv_3x3:0", "dil_conv_3x3:1"), "two inputs must differ");
}

TEST(CellText, NamesBelongToTheirPreset) {
    EXPECT_NE(complaint("og_v2", CellPreset::darts).find("belongs to the metanas preset"), std::string::npos);
    EXPECT_NE(complaint("darts_v2").find("belongs to the darts preset"), std::string::npos);
    EXPECT_NE(complaint(og_v2_text, CellPreset::darts).find("3 nodes"), std::string::npos);
}

}  // namespace
}  // namespace atnas::space
