// SPDX-License-Identifier: Apache-2.0
// A search on the reference backend, without MPI, files or decks.
#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "support/small_engine.hpp"

namespace atnas::engine {
namespace {

void search(SmallEngine& engine) {
    for (int generation = 0; generation < 3; ++generation) {
        for (int i = 0; i < 4; ++i) engine.iterate();
        engine.evolve();
    }
}

TEST(WholeEngine, LearnsEvolvesAndMigrates) {
    SmallEngine engine;
    const auto founders = engine.members();
    search(engine);
    for (const double loss : engine.losses) EXPECT_TRUE(std::isfinite(loss));
    EXPECT_EQ(engine.losses.size(), 12u);
    for (const double fitness : engine.best) {
        EXPECT_GE(fitness, 0.0);
        EXPECT_LE(fitness, 1.0);
    }
    EXPECT_EQ(engine.best.size(), 6u) << "3 generations of 2 islands";
    EXPECT_NE(engine.members(), founders);
    EXPECT_EQ(engine.migrants.size(), 6u) << "one migrant per island and generation";
    for (const Island& island : engine.islands) {
        EXPECT_EQ(island.population().size(), static_cast<std::size_t>(SmallEngine::population));
        for (const evo::Individual& member : island.population())
            EXPECT_TRUE(engine.net.space().is_legal(member.genotype));
    }
}

TEST(WholeEngine, LearnsTheScaleOfItsLogits) {
    SmallEngine engine;
    const auto& blocks = engine.net.supernet().manifest().blocks();
    const auto scale = std::ranges::find(blocks, "head/log_scale", &nn::Block::name);
    ASSERT_NE(scale, blocks.end());
    EXPECT_EQ(engine.weights()[scale->offset], 0.0f);
    search(engine);
    EXPECT_NE(engine.weights()[scale->offset], 0.0f);
}

TEST(WholeEngine, FollowsFromItsSeed) {
    SmallEngine first, second, other({.seed = 2});
    search(first);
    search(second);
    search(other);
    EXPECT_EQ(first.weights(), second.weights());
    EXPECT_EQ(first.losses, second.losses);
    EXPECT_EQ(first.best, second.best);
    EXPECT_EQ(first.members(), second.members());
    EXPECT_NE(first.weights(), other.weights());
}

}  // namespace
}  // namespace atnas::engine
