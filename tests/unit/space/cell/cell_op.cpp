// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cell/cell_op.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace atnas::space {
namespace {

std::vector<std::string> names(CellPreset preset) {
    std::vector<std::string> names;
    for (const CellOp op : ops_of(preset)) names.emplace_back(name_of(op));
    return names;
}

TEST(CellOp, PresetsListTheirOperationsInGeneOrder) {
    EXPECT_EQ(names(CellPreset::metanas),
              (std::vector<std::string>{"max_pool_3x3", "avg_pool_3x3", "skip_connect", "conv_1x5_5x1", "conv_3x3",
                                        "sep_conv_3x3", "dil_conv_3x3"}));
    EXPECT_EQ(names(CellPreset::darts),
              (std::vector<std::string>{"none", "max_pool_3x3", "avg_pool_3x3", "skip_connect", "sep_conv_3x3",
                                        "sep_conv_5x5", "dil_conv_3x3", "dil_conv_5x5"}));
}

TEST(CellOp, PresetsHaveTheirNodeCounts) {
    EXPECT_EQ(nodes_of(CellPreset::metanas), 3);
    EXPECT_EQ(nodes_of(CellPreset::darts), 4);
}

}  // namespace
}  // namespace atnas::space
