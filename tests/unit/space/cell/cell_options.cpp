// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cell/cell_options.hpp"

#include <gtest/gtest.h>

namespace atnas::space {
namespace {

TEST(CellOptions, ChoicesHaveNames) {
    EXPECT_EQ(name_of(CellPreset::metanas), "metanas");
    EXPECT_EQ(name_of(CellPreset::darts), "darts");
    EXPECT_EQ(name_of(Stem::single), "single");
    EXPECT_EQ(name_of(Stem::pooled), "pooled");
}

}  // namespace
}  // namespace atnas::space
