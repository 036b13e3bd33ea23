// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/search_space.hpp"

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

namespace atnas::space {
namespace {

TEST(SearchSpace, IsMadeFromOptions) {
    EXPECT_EQ(make_search_space({.kind = "conv4"})->name(), "conv4");
    const auto metanas = make_search_space({});
    EXPECT_EQ(metanas->name(), "cell");
    EXPECT_EQ(metanas->gene_count(), 24);
    EXPECT_EQ(make_search_space({.cell = {.preset = CellPreset::darts}})->gene_count(), 32);
}

TEST(SearchSpace, RefusesOptionsThatAreNoNetworkWithAllProblems) {
    try {
        make_search_space({.channels = 0, .cell = {.reductions = {5}}});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_deck);
        EXPECT_EQ(error.problems().size(), 2u);
    }
}

}  // namespace
}  // namespace atnas::space
