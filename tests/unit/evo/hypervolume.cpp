// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/hypervolume.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "atnas/core/random.hpp"

namespace atnas::evo {
namespace {

TEST(Hypervolume, OfHandMadeRows) {
    EXPECT_EQ(hypervolume({}, ValueRow{1, 1}), 0.0);
    EXPECT_EQ(hypervolume(std::vector<ValueRow>{{2}, {3}}, ValueRow{10}), 8.0);
    EXPECT_EQ(hypervolume(std::vector<ValueRow>{{1, 2}}, ValueRow{4, 4}), 3.0 * 2);
    // Stairs: columns of width 1, 1 and 2 that are 1, 2 and 3 high.
    EXPECT_EQ(hypervolume(std::vector<ValueRow>{{3, 0}, {1, 2}, {2, 1}}, ValueRow{4, 3}), 1.0 + 2 + 3);
    // Two boxes of 2 x 2 x 1 and 1 x 1 x 2 in a corner share a unit cube.
    EXPECT_EQ(hypervolume(std::vector<ValueRow>{{1, 1, 2}, {2, 2, 1}}, ValueRow{3, 3, 3}), 4.0 + 2 - 1);
    EXPECT_EQ(hypervolume(std::vector<ValueRow>{{0, 0, 0, 0}, {1, 1, 1, 1}}, ValueRow{2, 1, 3, 1}), 6.0);
}

TEST(Hypervolume, DominatedEqualAndOutsideRowsAddNothing) {
    const std::vector<ValueRow> row{{1, 2, 1}};
    const ValueRow reference{4, 4, 4};
    const double alone = hypervolume(row, reference);
    EXPECT_EQ(alone, 18.0);
    EXPECT_EQ(hypervolume(std::vector<ValueRow>{{1, 2, 1}, {1, 2, 1}, {2, 2, 3}, {0, 4, 0}, {-5, 0, 9}}, reference),
              alone);
}

/// Counts the cells of a grid of whole numbers that a row dominates.
double counted(const std::vector<ValueRow>& rows, std::uint32_t objectives, int side) {
    int cells = 1;
    for (std::uint32_t i = 0; i < objectives; ++i) cells *= side;
    double count = 0;
    for (int cell = 0; cell < cells; ++cell) {
        ValueRow corner;
        for (int rest = cell; corner.size() < objectives; rest /= side) corner.push_back(rest % side);
        count += std::ranges::any_of(rows, [&](const ValueRow& row) {
            return std::ranges::equal(row, corner, [](double a, double b) { return a <= b; });
        });
    }
    return count;
}

TEST(Hypervolume, IsTheCountOfCellsForEveryNumberOfObjectivesAndOrder) {
    constexpr int side = 7;
    for (std::uint32_t objectives = 1; objectives <= 5; ++objectives) {
        RandomStream random({.seed = objectives});
        for (int trial = 0; trial < 5; ++trial) {
            std::vector<ValueRow> rows(20, ValueRow(objectives));
            for (ValueRow& row : rows) {
                for (double& value : row) value = random.index(side + 1);
            }
            const ValueRow reference(objectives, side);
            const double volume = hypervolume(rows, reference);
            EXPECT_EQ(volume, counted(rows, objectives, side)) << objectives;
            std::ranges::reverse(rows);
            EXPECT_EQ(hypervolume(rows, reference), volume);
        }
    }
}

}  // namespace
}  // namespace atnas::evo
