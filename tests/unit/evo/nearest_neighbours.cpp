// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/nearest_neighbours.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace atnas::evo {
namespace {

TEST(NearestNeighbours, TheThreeWithTheFewestDifferentGenesCount) {
    const NearestNeighbours model(std::vector<Judged>{
        {{{0, 0, 0, 0}}, 1},    // 4 genes away from the first question
        {{{9, 9, 9, 0}}, 10},   // 1
        {{{9, 9, 0, 0}}, 100},  // 2
        {{{9, 9, 9, 9}}, 1000}  // 0
    });
    EXPECT_DOUBLE_EQ(model.predict({{9, 9, 9, 9}}), (1000 + 10 + 100) / 3.0);
    EXPECT_DOUBLE_EQ(model.predict({{0, 0, 0, 0}}), (1 + 100 + 10) / 3.0);
}

TEST(NearestNeighbours, OfEquallyNearOnesTheLaterCount) {
    const NearestNeighbours model(
        std::vector<Judged>{{{{1, 0}}, 1}, {{{2, 0}}, 10}, {{{3, 0}}, 100}, {{{4, 0}}, 1000}});
    EXPECT_DOUBLE_EQ(model.predict({{0, 0}}), (10 + 100 + 1000) / 3.0);
}

TEST(NearestNeighbours, FewerThanThreeAllCount) {
    EXPECT_DOUBLE_EQ(NearestNeighbours(std::vector<Judged>{{{{1}}, 1}, {{{2}}, 2}}).predict({{2}}), 1.5);
}

}  // namespace
}  // namespace atnas::evo
