// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cell/cell_genotype.hpp"

#include <gtest/gtest.h>

namespace atnas::space {
namespace {

const Genotype example{{0, 1, 6, 5, 0, 2, 1, 4, 1, 3, 3, 0,    // normal
                        0, 1, 2, 2, 1, 2, 4, 6, 2, 3, 0, 1}};  // reduction

TEST(CellGenotype, DecodesInputsAndOperations) {
    const CellGenotype cells = decode(example, CellPreset::metanas);
    const std::vector<CellNode> normal{{{0, CellOp::dil_conv_3x3}, {1, CellOp::sep_conv_3x3}},
                                       {{0, CellOp::avg_pool_3x3}, {2, CellOp::conv_3x3}},
                                       {{1, CellOp::conv_1x5_5x1}, {3, CellOp::max_pool_3x3}}};
    const std::vector<CellNode> reduction{{{0, CellOp::skip_connect}, {1, CellOp::skip_connect}},
                                          {{1, CellOp::conv_3x3}, {2, CellOp::dil_conv_3x3}},
                                          {{2, CellOp::max_pool_3x3}, {3, CellOp::avg_pool_3x3}}};
    EXPECT_EQ(cells.normal, normal);
    EXPECT_EQ(cells.reduction, reduction);
}

TEST(CellGenotype, EncodeInvertsDecode) {
    EXPECT_EQ(encode(decode(example, CellPreset::metanas), CellPreset::metanas), example);
    Genotype darts;
    for (int cell = 0; cell < 2; ++cell) {
        for (const int inputs : {2, 3, 4, 5}) {
            for (const int gene : {inputs - 2, inputs - 1, 7, 0}) darts.genes.push_back(static_cast<std::int8_t>(gene));
        }
    }
    EXPECT_EQ(encode(decode(darts, CellPreset::darts), CellPreset::darts), darts);
}

TEST(CellGenotype, CountsGenes) {
    EXPECT_EQ(cell_gene_count(CellPreset::metanas), 24);
    EXPECT_EQ(cell_gene_count(CellPreset::darts), 32);
}

TEST(CellGenotype, KnowsWhatIsLegal) {
    const auto with = [](std::size_t gene, int value) {
        Genotype changed = example;
        changed.genes[gene] = static_cast<std::int8_t>(value);
        return changed;
    };
    EXPECT_TRUE(is_legal_cell_genotype(example, CellPreset::metanas));
    EXPECT_FALSE(is_legal_cell_genotype(example, CellPreset::darts)) << "other length";
    EXPECT_FALSE(is_legal_cell_genotype({}, CellPreset::metanas));
    EXPECT_FALSE(is_legal_cell_genotype(with(0, -1), CellPreset::metanas));
    EXPECT_FALSE(is_legal_cell_genotype(with(0, 1), CellPreset::metanas)) << "equal inputs";
    EXPECT_FALSE(is_legal_cell_genotype(with(4, 2), CellPreset::metanas)) << "a = b";
    EXPECT_FALSE(is_legal_cell_genotype(with(1, 2), CellPreset::metanas)) << "reads itself";
    EXPECT_FALSE(is_legal_cell_genotype(with(13, 2), CellPreset::metanas)) << "nodes count anew in the reduction cell";
    EXPECT_TRUE(is_legal_cell_genotype(with(21, 3), CellPreset::metanas));
    EXPECT_FALSE(is_legal_cell_genotype(with(21, 4), CellPreset::metanas));
    EXPECT_FALSE(is_legal_cell_genotype(with(2, 7), CellPreset::metanas)) << "no such operation";
    EXPECT_FALSE(is_legal_cell_genotype(with(23, -1), CellPreset::metanas));
}

}  // namespace
}  // namespace atnas::space
