// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/migration.hpp"

#include <gtest/gtest.h>

#include "support/small_engine.hpp"

namespace atnas::engine {
namespace {

/// Island i's members have the fitnesses 0.1 i, 0.1 i + 0.01, ...
void judge_by_number(SmallEngine& engine) {
    for (Island& island : engine.islands) {
        std::vector<Evidence> evidence;
        for (std::size_t m = 0; m < island.population().size(); ++m)
            evidence.push_back({.fitness = 0.1 * island.number() + 0.01 * static_cast<double>(m)});
        island.judge({evidence}, *engine.selection);
    }
}

TEST(Migration, TheBestOfTheNextIslandArrives) {
    SmallEngine engine({.islands = 3});
    judge_by_number(engine);
    const evo::Individual best = engine.islands[2].population().front();
    const auto records = engine.migration.migrate(engine.islands, 0);
    EXPECT_EQ(engine.islands[0].population().front().genotype, best.genotype) << "ring: 2 sends to 0";
    ASSERT_EQ(records.size(), 3u);
    EXPECT_EQ(records[0].to, 0);
    EXPECT_EQ(records[0].genotype, best.genotype);
}

TEST(Migration, EveryIslandGetsItsNextPopulation) {
    SmallEngine engine({.islands = 3});
    judge_by_number(engine);
    std::vector<evo::Population> expected;
    for (const Island& island : engine.islands)
        expected.push_back(engine.evolution.next(island.population(), island.number(), 5));
    engine.migration.next_generation(engine.islands, engine.evolution, 5);
    for (const Island& island : engine.islands) {
        const evo::Population& members = expected[static_cast<std::size_t>(island.number())];
        ASSERT_EQ(island.population().size(), members.size());
        for (std::size_t m = 0; m < members.size(); ++m) EXPECT_EQ(island.population()[m].id, members[m].id);
    }
}

}  // namespace
}  // namespace atnas::engine
