// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cell/cell_entry.hpp"

#include <gtest/gtest.h>

#include "support/network_complaints.hpp"

namespace atnas::space {
namespace {

using test::complaints;
using test::names;

TEST(CellEntry, ReductionsMustBeCellsInOrder) {
    EXPECT_TRUE(names(complaints([](auto& o) { o.cell.reductions = {1, 4}; }), "reductions = 1, 4"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.cell.reductions = {-1}; }), "reductions = -1"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.cell.reductions = {3, 1}; }), "must rise"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.cell.reductions = {1, 1}; }), "must rise"));
    EXPECT_EQ(complaints([](auto& o) { o.cell.reductions = {}; }), "");
    EXPECT_EQ(complaints([](auto& o) { o.cell.reductions = {0, 1, 2, 3}; }), "");
}

TEST(CellEntry, ImagesMustBeLargeEnough) {
    EXPECT_EQ(complaints([](auto& o) { o.image = {1, 3, 3}; }), "");
    EXPECT_TRUE(names(complaints([](auto& o) { o.image = {1, 28, 2}; }), "14 x 1 would be left for reduction cell 3"));
    EXPECT_TRUE(names(complaints([](auto& o) {
                          o.cell.stem = Stem::pooled;
                          o.image = {3, 3, 28};
                      }),
                      "pooled stem"));
}

TEST(CellEntry, CountsMustBeSensible) {
    EXPECT_TRUE(names(complaints([](auto& o) { o.channels = 1; }), "channels = 1"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.cell.growth = 0; }), "growth = 0"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.cell.growth = 1000; }), "growth = 1000"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.cell.cells = 0; }), "cells = 0"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.cell.stem_multiplier = 0; }), "stem_multiplier = 0"));
}

TEST(CellEntry, AllProblemsAreFoundAtOnce) {
    const std::string text = complaints([](auto& o) {
        o.channels = 0;
        o.cell.growth = -1;
        o.cell.reductions = {9};
    });
    for (const char* part : {"channels = 0", "growth = -1", "reductions = 9"}) EXPECT_TRUE(names(text, part)) << part;
}

}  // namespace
}  // namespace atnas::space
