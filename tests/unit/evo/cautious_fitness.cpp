// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/cautious_fitness.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "atnas/evo/selection.hpp"
#include "members.hpp"

namespace atnas::evo {
namespace {

using test::member;

Individual newcomer(double fitness, double difference_error, std::int8_t gene) {
    Individual individual = member(fitness, gene);
    individual.difference_error = difference_error;
    return individual;
}

Individual elder(double fitness, std::int8_t gene) {
    Individual individual = member(fitness, gene, 3);
    individual.difference_error = 0;
    return individual;
}

TEST(CautiousFitness, OfNewcomersIsLessByTheirError) {
    EXPECT_DOUBLE_EQ(cautious_fitness(newcomer(0.75, 0.125, 1), 2), 0.5);
    EXPECT_EQ(cautious_fitness(newcomer(0.75, 0.125, 1), 0), 0.75);
    EXPECT_EQ(cautious_fitness(elder(0.75, 1), 2), 0.75);
}

TEST(CautiousFitness, ABrokenMemberStaysTheWorst) {
    EXPECT_EQ(cautious_fitness(newcomer(0.25, 0.5, 1), 9), 0);
    EXPECT_EQ(cautious_fitness(newcomer(worst_fitness, 0, 1), 9), worst_fitness);
    EXPECT_TRUE(std::isnan(cautious_fitness(member(test::nan, 1), 9)));
}

TEST(CautiousFitness, ANewcomerReplacesBeyondNoiseOnly) {
    const auto cautious = make_selection({}, cautious_objectives(1));
    const auto usual = make_selection({}, cautious_objectives(0));
    const Individual best = elder(0.5, 1);
    for (const double fitness : {0.55, 0.65}) {
        const Individual child = newcomer(fitness, 0.1, 2);
        EXPECT_TRUE(usual->may_replace(child, {best}, 0));
        EXPECT_EQ(cautious->may_replace(child, {best}, 0), fitness > 0.6);
        Population population{best, child};
        cautious->rank(population);
        EXPECT_EQ(population[0].id, fitness > 0.6 ? child.id : best.id);
    }
}

TEST(CautiousFitness, StandsForFitnessAmongOtherObjectives) {
    const std::array names{ObjectiveName::fitness, ObjectiveName::macs};
    Individual child = newcomer(0.75, 0.125, 1);
    child.macs = 7;
    EXPECT_EQ(cautious_objectives(2, names).minimised(child), (std::vector<double>{-0.5, 7}));
    EXPECT_EQ(cautious_objectives(0, names).minimised(child), Objectives(names).minimised(child));
}

}  // namespace
}  // namespace atnas::evo
