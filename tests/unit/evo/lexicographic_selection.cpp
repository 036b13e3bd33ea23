// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/lexicographic_selection.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "members.hpp"

namespace atnas::evo {
namespace {

using test::ids_of;
using test::member;
using test::nan;

TEST(LexicographicSelection, RankingIsTheSameForEveryInitialOrder) {
    const LexicographicSelection selection({});
    Population population{member(0.1, 1), member(nan, 9), member(0.7, 3), member(0.7, 2), member(nan, 4)};
    Population backwards(population.rbegin(), population.rend());
    EXPECT_FALSE(selection.is_ranked(population));
    selection.rank(population);
    selection.rank(backwards);
    EXPECT_EQ(ids_of(population), (std::vector<std::int64_t>{102, 103, 101, 104, 109}));
    EXPECT_EQ(ids_of(backwards), ids_of(population));
    EXPECT_TRUE(selection.is_ranked(population));
}

TEST(LexicographicSelection, OnlyTheBetterMayReplace) {
    const LexicographicSelection selection({});
    const Population ranked{member(0.5, 2), member(0.3, 3), member(nan, 4)};
    EXPECT_TRUE(selection.may_replace(member(0.6, 1), ranked, 0));
    EXPECT_FALSE(selection.may_replace(member(0.4, 1), ranked, 0));
    EXPECT_TRUE(selection.may_replace(member(0.4, 1), ranked, 1));
    EXPECT_TRUE(selection.may_replace(member(0.1, 1), ranked, 2));
    EXPECT_FALSE(selection.may_replace(member(nan, 1), ranked, 2)) << "though its genotype comes first";
}

}  // namespace
}  // namespace atnas::evo
