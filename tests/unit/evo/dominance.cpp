// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/dominance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "atnas/core/random.hpp"

namespace atnas::evo {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
using Fronts = std::vector<std::vector<std::size_t>>;

std::vector<std::size_t> indices(std::size_t count) {
    std::vector<std::size_t> all(count);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

TEST(Dominance, NowhereLargerAndSomewhereSmaller) {
    EXPECT_TRUE(dominates(ValueRow{1, 2}, ValueRow{1, 3}));
    EXPECT_TRUE(dominates(ValueRow{0, 2}, ValueRow{1, 3}));
    EXPECT_FALSE(dominates(ValueRow{1, 2}, ValueRow{1, 2}));
    EXPECT_FALSE(dominates(ValueRow{0, 4}, ValueRow{1, 3}));
    EXPECT_FALSE(dominates(ValueRow{1, 3}, ValueRow{1, 2}));
}

TEST(Fronts, OfHandMadeRows) {
    //  0 and 3 trade off; 1 is behind 0 alone; 2 behind all; 4 is a copy of 0.
    const std::vector<ValueRow> rows{{1, 4}, {2, 5}, {6, 6}, {3, 1}, {1, 4}};
    EXPECT_EQ(fronts_of(rows), (Fronts{{0, 3, 4}, {1}, {2}}));
    EXPECT_EQ(fronts_of({}), Fronts{});
    EXPECT_EQ(fronts_of(std::vector<ValueRow>{{3}, {1}, {2}, {1}}), (Fronts{{1, 3}, {2}, {0}}));
}

/// The definition: who is dominated only by those of the fronts before.
Fronts peeled(const std::vector<ValueRow>& rows) {
    Fronts fronts;
    std::vector<std::size_t> left = indices(rows.size());
    while (!left.empty()) {
        std::vector<std::size_t> front;
        for (const std::size_t i : left) {
            if (std::ranges::none_of(left, [&](std::size_t j) { return dominates(rows[j], rows[i]); }))
                front.push_back(i);
        }
        std::erase_if(left, [&](std::size_t i) { return std::ranges::binary_search(front, i); });
        fronts.push_back(front);
    }
    return fronts;
}

TEST(Fronts, AreThoseOfTheDefinitionForManyRowsWithTies) {
    for (std::uint32_t objectives = 1; objectives <= 4; ++objectives) {
        RandomStream random({.seed = objectives});
        std::vector<ValueRow> rows(120, ValueRow(objectives));
        for (ValueRow& row : rows) {
            for (double& value : row) value = random.index(9);
        }
        EXPECT_EQ(fronts_of(rows), peeled(rows)) << objectives;
    }
}

TEST(Crowding, IsTheDistanceBetweenNeighboursInUnitsOfTheRange) {
    const std::vector<ValueRow> rows{{0, 10}, {2, 7}, {3, 1}, {10, 0}, {99, 99}};
    const auto distances = crowding_distances(rows, indices(4));
    EXPECT_EQ(distances[0], infinite);
    EXPECT_DOUBLE_EQ(distances[1], 3.0 / 10 + 9.0 / 10);
    EXPECT_DOUBLE_EQ(distances[2], 8.0 / 10 + 7.0 / 10);
    EXPECT_EQ(distances[3], infinite);
}

TEST(Crowding, OfFewRows) {
    EXPECT_EQ(crowding_distances({}, {}), std::vector<double>{});
    EXPECT_EQ(crowding_distances(std::vector<ValueRow>{{5, 5}}, indices(1)), std::vector<double>{infinite});
    EXPECT_EQ(crowding_distances(std::vector<ValueRow>{{1, 2}, {2, 1}}, indices(2)),
              (std::vector<double>{infinite, infinite}));
}

TEST(Crowding, OfEqualRowsTheFirstHasTheDistance) {
    const std::vector<ValueRow> rows{{0, 4}, {1, 1}, {1, 1}, {4, 0}, {0, 4}};
    const auto distances = crowding_distances(rows, indices(5));
    EXPECT_EQ(distances, (std::vector<double>{infinite, 2.0, 0.0, infinite, 0.0}));
}

TEST(Crowding, AnObjectiveWithoutRangeAddsNothing) {
    const std::vector<ValueRow> rows{{7, 0, 2}, {7, 1, 1}, {7, 2, 0}};
    EXPECT_EQ(crowding_distances(rows, indices(3)), (std::vector<double>{infinite, 2.0, infinite}));
}

TEST(Crowding, OfEqualValuesTheSmallerIndexIsTheSmaller) {
    // 0 and 1 are both smallest in the first objective, of which 0 is the end.
    const std::vector<ValueRow> rows{{0, 0, 9}, {0, 1, 8}, {1, 2, 7}};
    EXPECT_EQ(crowding_distances(rows, indices(3)), (std::vector<double>{infinite, 3.0, infinite}));
}

}  // namespace
}  // namespace atnas::evo
