// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/gather_populations.hpp"

#include <gtest/gtest.h>

#include "atnas/comm/island_map.hpp"

namespace atnas::app {
namespace {

/// Island i has i + 1 members, numbered from 10 i on.
evo::Population population_of(int island) {
    evo::Population members;
    for (int i = 0; i <= island; ++i)
        members.push_back(
            {.genotype = {{static_cast<std::int8_t>(island), 7}}, .fitness = 0.25, .id = 10 * island + i});
    return members;
}

TEST(GatherPopulations, EveryRankGetsAllInTheOrderOfIslands) {
    constexpr int islands = 5;
    const comm::Communicator world = comm::Communicator::world();
    const comm::IslandBlock block = comm::islands_of(world.rank(), world.size(), islands);
    std::vector<Island> mine;
    for (int island = block.first; island < block.first + block.count; ++island)
        mine.emplace_back(island, population_of(island));

    const auto all = gather_populations(mine, world);
    ASSERT_EQ(all.size(), 5u);
    for (int island = 0; island < islands; ++island) {
        const evo::Population& population = all[static_cast<std::size_t>(island)];
        ASSERT_EQ(population.size(), static_cast<std::size_t>(island) + 1);
        for (int i = 0; i <= island; ++i) {
            const evo::Individual& member = population[static_cast<std::size_t>(i)];
            EXPECT_EQ(member.id, 10 * island + i);
            EXPECT_EQ(member.genotype.genes[0], island);
            EXPECT_EQ(member.fitness, 0.25);
        }
    }
}

}  // namespace
}  // namespace atnas::app
