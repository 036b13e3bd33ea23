// SPDX-License-Identifier: Apache-2.0
// Islands, variation and migration together on a synthetic fitness.

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <memory>

#include "atnas/evo/evolution.hpp"
#include "atnas/evo/migrator.hpp"

namespace atnas::evo {
namespace {

constexpr int islands = 3;

class IslandsTest : public testing::Test {
  protected:
    /// Genes that agree with the target: 24 at the optimum.
    double fitness(const space::Genotype& genotype) const {
        int matches = 0;
        for (std::size_t g = 0; g < genotype.genes.size(); ++g) matches += genotype.genes[g] == target.genes[g];
        return matches;
    }

    struct Outcome {
        double best;
        int evaluations;
        std::vector<Population> populations;
        std::vector<MigrationRecord> log;
    };

    Outcome evolve(std::uint64_t seed, TopologyKind kind, int generations, const EvolutionOptions& options = {},
                   const MigrationOptions& migration = {}) const {
        const auto selection = make_selection(options.selection);
        const Evolution evolution({*space, costs, *selection, options, seed, islands});
        const Migrator migrator(migration, {kind}, *selection, seed);
        Outcome outcome{-1, 0, {}, {}};
        for (int island = 0; island < islands; ++island) outcome.populations.push_back(evolution.found(island));
        for (int generation = 0; generation < generations; ++generation) {
            for (Population& population : outcome.populations) {
                for (Individual& member : population) {
                    member.fitness = fitness(member.genotype);
                    ++outcome.evaluations;
                }
                selection->rank(population);
                outcome.best = std::max(outcome.best, population[0].fitness);
            }
            std::ranges::move(migrator.migrate(outcome.populations, generation), std::back_inserter(outcome.log));
            for (int island = 0; island < islands; ++island) {
                Population& population = outcome.populations[static_cast<std::size_t>(island)];
                population = evolution.next(std::move(population), island, generation);
            }
        }
        return outcome;
    }

    space::NetworkOptions network{};
    std::unique_ptr<space::SearchSpace> space = space::make_search_space(network);
    space::CostModel costs{network};
    space::Genotype target = space->from_text("in_v2");
};

TEST_F(IslandsTest, IslandsFindTheOptimumWhereRandomSearchDoesNot) {
    for (const std::uint64_t seed : {1, 2, 3, 4}) {
        const Outcome outcome = evolve(seed, TopologyKind::ring, 150);
        EXPECT_EQ(outcome.best, 24) << "seed " << seed;

        RandomStream random({.seed = seed});
        double best = 0;
        for (int i = 0; i < outcome.evaluations; ++i) best = std::max(best, fitness(space->sample(random)));
        EXPECT_LT(best, 20) << "the space is too large to be sampled";
    }
}

TEST_F(IslandsTest, MigrationSpreadsTheBest) {
    // Best minus worst of the islands' champions, over some seeds.
    const auto spread = [&](TopologyKind kind) {
        double sum = 0;
        for (const std::uint64_t seed : {5, 6, 7}) {
            std::vector<double> champions;
            for (const Population& population : evolve(seed, kind, 40).populations) {
                champions.push_back(population[0].fitness);
            }
            const auto [worst, best] = std::ranges::minmax(champions);
            sum += best - worst;
        }
        return sum;
    };
    EXPECT_GT(spread(TopologyKind::none), 2 * spread(TopologyKind::ring));
    EXPECT_LE(spread(TopologyKind::full), spread(TopologyKind::ring));
}

TEST_F(IslandsTest, IntervalAndMigrantsAct) {
    const auto journeys = [&](const MigrationOptions& migration) {
        return evolve(8, TopologyKind::full, 12, {}, migration).log.size();
    };
    EXPECT_EQ(journeys({.interval = 0}), 0u);
    EXPECT_EQ(journeys({.interval = 1, .migrants = 1}), 12u * 6);
    EXPECT_EQ(journeys({.interval = 4, .migrants = 1}), 3u * 6);
    EXPECT_EQ(journeys({.interval = 4, .migrants = 3}), 3u * 6 * 3);
}

TEST_F(IslandsTest, RepeatsBitForBit) {
    const Outcome a = evolve(7, TopologyKind::full, 12);
    const Outcome b = evolve(7, TopologyKind::full, 12);
    ASSERT_EQ(a.log.size(), b.log.size());
    for (std::size_t island = 0; island < islands; ++island) {
        ASSERT_EQ(a.populations[island].size(), b.populations[island].size());
        for (std::size_t i = 0; i < a.populations[island].size(); ++i) {
            EXPECT_EQ(a.populations[island][i].genotype, b.populations[island][i].genotype);
            EXPECT_EQ(a.populations[island][i].id, b.populations[island][i].id);
        }
    }
}

TEST_F(IslandsTest, BestFitnessNeverFallsWithAnElite) {
    const EvolutionOptions options{.selection = {.elite = 1, .max_age = 2}, .variation = {.offspring = 7}};
    double last = 0;
    for (int generations = 1; generations < 15; ++generations) {
        const Outcome outcome = evolve(9, TopologyKind::none, generations, options);
        double best = 0;
        for (const Population& population : outcome.populations) best = std::max(best, population[0].fitness);
        EXPECT_GE(best, last);
        last = best;
    }
}

}  // namespace
}  // namespace atnas::evo
