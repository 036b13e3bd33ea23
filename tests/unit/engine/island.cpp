// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/island.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "support/small_engine.hpp"

namespace atnas::engine {
namespace {

TEST(Island, OneBrokenIndividualIsTheWorstAndTheOthersKeepTheirFitness) {
    SmallEngine engine;
    Island& island = engine.islands.front();
    const evo::Population before = island.population();
    EXPECT_EQ(island.judge(std::vector{0.5, std::numeric_limits<double>::quiet_NaN(), 0.75}, *engine.selection), 1);
    EXPECT_EQ(island.population()[0].id, before[2].id);
    EXPECT_EQ(island.population()[1].fitness, 0.5);
    EXPECT_EQ(island.population()[2].id, before[1].id);
    EXPECT_EQ(island.population()[2].fitness, evo::worst_fitness);
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
