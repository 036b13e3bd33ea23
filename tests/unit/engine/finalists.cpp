// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/finalists.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "support/small_engine.hpp"

namespace atnas::engine {
namespace {

TEST(FinalistOptions, BeginAtTheirShareOfTheIterations) {
    EXPECT_EQ(FinalistOptions{}.begin(100), std::numeric_limits<int>::max()) << "islands evolve to the end";
    EXPECT_EQ(FinalistOptions{.until = 0.25}.begin(100), 25);
    EXPECT_EQ(FinalistOptions{.until = 0.25}.begin(101), 26);
    EXPECT_EQ(FinalistOptions{.until = 0}.begin(100), 0);
    // As numbers of the computer 0.55 * 100 is above 55, and 0.29 * 100 below 29.
    for (const int iterations : {100, 1000, 100000})
        for (int percent = 1; percent < 100; ++percent)
            EXPECT_EQ(FinalistOptions{.until = percent / 100.0}.begin(iterations), percent * (iterations / 100));
}

class KeepFinalists : public testing::Test {
  protected:
    void SetUp() override {
        double fitness = 0.1;
        for (Island& island : engine_.islands)
            for (evo::Individual& member : island.population()) member.fitness = fitness += 0.1;
    }
    evo::Population& population(std::size_t island) { return engine_.islands[island].population(); }
    void keep(int count) { keep_finalists(engine_.islands, count, *engine_.selection, engine_.net.space()); }

    SmallEngine engine_;  // 2 islands of 3 members
};

TEST_F(KeepFinalists, AreTheBestOfAllIslandsOnEveryIsland) {
    population(0)[1].fitness = 0.9;
    const std::vector<std::int64_t> best{population(0)[1].id, population(1)[2].id};
    keep(2);
    EXPECT_EQ(engine_.members(), (std::vector<std::int64_t>{best[0], best[1], best[0], best[1]}));
    EXPECT_EQ(population(0).front().age, 1);
    EXPECT_EQ(population(0).front().fitness, 0.9);
}

TEST_F(KeepFinalists, CountEveryNetworkOnce) {
    population(0)[0].genotype = population(1)[2].genotype;
    population(0)[0].fitness = 0.95;
    const std::vector<std::int64_t> best{population(0)[0].id, population(1)[1].id};
    keep(2);
    EXPECT_EQ(engine_.members(), (std::vector<std::int64_t>{best[0], best[1], best[0], best[1]}));
}

TEST_F(KeepFinalists, AreFewerWhereThereAreNoMore) {
    keep(100);
    EXPECT_LE(population(0).size(), 6u);
    EXPECT_GT(population(0).size(), 1u);
    const auto all = engine_.members();
    keep(100);
    EXPECT_EQ(engine_.members(), all) << "nobody is lost when it is done again";
    EXPECT_EQ(population(0).front().age, 2);
}

TEST_F(KeepFinalists, CanEvolveAgain) {
    keep(1);
    engine_.evolve();
    for (const Island& island : engine_.islands)
        EXPECT_EQ(island.population().size(), std::size_t{SmallEngine::population});
}

}  // namespace
}  // namespace atnas::engine
