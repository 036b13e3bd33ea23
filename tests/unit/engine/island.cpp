// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/island.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "support/small_engine.hpp"

namespace atnas::engine {
namespace {

TEST(Island, OneBrokenIndividualIsTheWorstAndTheOthersKeepTheirFitness) {
    SmallEngine engine;
    Island& island = engine.islands.front();
    const evo::Population before = island.population();
    // The broken one came further in racing than the others.
    const std::vector<Evidence> evidence{{.fitness = 0.5}, {}, {.fitness = 0.75}};
    const std::vector<std::int64_t> rounds{1, 2, 1};
    EXPECT_EQ(island.judge({evidence, rounds}, *engine.selection), 1);
    EXPECT_EQ(island.population()[0].id, before[2].id);
    EXPECT_EQ(island.population()[1].fitness, 0.5);
    EXPECT_EQ(island.population()[2].id, before[1].id);
    EXPECT_EQ(island.population()[2].fitness, evo::worst_fitness);
}

/// By island and age: what \p ages make of the errors 0.3, 0.4 and 0.5 of members of fitness 0.25, 0.5 and 0.75.
std::vector<double> difference_errors(const std::vector<std::int64_t>& ages) {
    SmallEngine engine;
    Island& island = engine.islands.front();
    for (std::size_t i = 0; i < ages.size(); ++i) island.population()[i].age = ages[i];
    island.judge({std::vector<Evidence>{{0.25, 0.3, 3}, {0.5, 0.4, 4}, {0.75, 0.5, 5}}}, *engine.selection);
    std::vector<double> errors;
    for (const evo::Individual& member : island.population()) {
        EXPECT_DOUBLE_EQ(member.fitness, member.fitness_error * 2.5 - 0.5);
        EXPECT_DOUBLE_EQ(member.fitness_error, member.tasks / 10);
        errors.insert(errors.begin(), member.difference_error);
    }
    return errors;
}

TEST(Island, NewcomersAreComparedWithTheBestElder) {
    EXPECT_EQ(difference_errors({1, 2, 0}), (std::vector{0.0, 0.0, std::hypot(0.5, 0.4)}));
    EXPECT_EQ(difference_errors({0, 1, 0}), (std::vector{std::hypot(0.3, 0.4), 0.0, std::hypot(0.5, 0.4)}));
    EXPECT_EQ(difference_errors({0, 0, 0}), (std::vector{0.0, 0.0, 0.0})) << "no elder";
}

TEST(Island, CautionPutsAnUncertainNewcomerBehindTheElder) {
    SmallEngine engine({.caution = 1});
    Island& island = engine.islands.front();
    const std::int64_t elder = island.population()[0].id;
    island.population()[0].age = 4;
    island.judge({std::vector<Evidence>{{0.5, 0.1, 3}, {0.55, 0.1, 3}, {0.25, 0.1, 3}}}, *engine.selection);
    EXPECT_EQ(island.population()[0].id, elder);
    EXPECT_EQ(island.population()[1].fitness, 0.55);
}

TEST(Island, AreFoundedByNumber) {
    SmallEngine engine({.islands = 3});
    ASSERT_EQ(engine.islands.size(), 3u);
    for (int i = 0; i < 3; ++i) {
        const Island& island = engine.islands[static_cast<std::size_t>(i)];
        EXPECT_EQ(island.number(), i);
        EXPECT_EQ(island.population().front().id, engine.evolution.found(i).front().id);
    }
}

}  // namespace
}  // namespace atnas::engine
