// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/individual.hpp"

#include <gtest/gtest.h>

#include "members.hpp"

namespace atnas::evo {
namespace {

using test::member;
using test::nan;

TEST(Individual, WhoseLossWasNotFiniteHasNoAccuracy) {
    EXPECT_TRUE(has_accuracy(member(0.0, 1)));
    EXPECT_FALSE(has_accuracy(member(nan, 1)));
    EXPECT_FALSE(has_accuracy(member(worst_fitness, 1)));
}

TEST(Individual, MeanFitnessIsOfThoseWithAnAccuracy) {
    EXPECT_EQ(mean_fitness({member(0.25, 1), member(nan, 2), member(worst_fitness, 3), member(0.75, 4)}), 0.5);
    EXPECT_EQ(mean_fitness({member(nan, 1)}), worst_fitness);
}

}  // namespace
}  // namespace atnas::evo
