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

TEST(Individual, SpreadIsOfThoseWithAnAccuracy) {
    EXPECT_EQ(fitness_spread({member(0.25, 1), member(nan, 2), member(worst_fitness, 3), member(0.75, 4)}), 0.25);
    EXPECT_EQ(fitness_spread({member(0.5, 1)}), 0.0);
    EXPECT_EQ(fitness_spread({member(nan, 1)}), 0.0);
}

TEST(Individual, DifferentEncodesAreOfThoseWhoWereJudged) {
    Population population{member(0.25, 1), member(0.5, 2), member(worst_fitness, 3), member(nan, 4)};
    for (std::size_t i = 0; i < population.size(); ++i) population[i].genotype.genes = {static_cast<std::int8_t>(i), 0};
    EXPECT_EQ(different_encodes(population), 3);
    population[1].genotype = population[0].genotype;
    EXPECT_EQ(different_encodes(population), 2);
    EXPECT_EQ(different_encodes({}), 0);
}

}  // namespace
}  // namespace atnas::evo
