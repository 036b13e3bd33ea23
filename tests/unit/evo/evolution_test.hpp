// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Small populations that are founded and evolve.

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <vector>

#include "atnas/evo/evolution.hpp"

namespace atnas::evo::test {

inline constexpr std::uint64_t seed = 2021;

class EvolutionTest : public testing::Test {
  protected:
    EvolutionSetting setting(const EvolutionOptions& options, std::uint64_t a_seed = seed, int islands = 3) const {
        return {*space, costs, *selection, options, a_seed, islands};
    }
    /// Selection as the options of the setting say.
    static Population next(EvolutionSetting setting, const Population& population, int island, int generation) {
        const auto selection = make_selection(setting.options.selection);
        const EvolutionSetting with_selection{setting.space,   setting.costs, *selection,
                                              setting.options, setting.seed,  setting.islands};
        return Evolution(with_selection).next(population, island, generation);
    }
    Population found(const EvolutionOptions& options, int island = 0, int islands = 3,
                     const space::Genotype& founder = {}) const {
        return Evolution(setting(options, seed, islands)).found(island, founder);
    }
    /// A founded population whose fitness is \p fitness of the member's place.
    template <class Fitness>
    Population evaluated(const EvolutionOptions& options, Fitness fitness) const {
        Population population = found(options);
        for (std::size_t i = 0; i < population.size(); ++i) population[i].fitness = fitness(i);
        return population;
    }
    Population next(const EvolutionOptions& options, const Population& population, int generation = 0) const {
        return next(setting(options), population, 0, generation);
    }
    int distance(const space::Genotype& a, const space::Genotype& b) const {
        int differing = 0;
        for (const space::Locus& locus : space->loci()) {
            differing += !std::equal(a.genes.begin() + locus.first, a.genes.begin() + locus.first + locus.count,
                                     b.genes.begin() + locus.first);
        }
        return differing;
    }

    space::NetworkOptions network{};
    std::unique_ptr<space::SearchSpace> space = space::make_search_space(network);
    space::CostModel costs{network};
    std::unique_ptr<Selection> selection = make_selection({});
};

inline std::set<space::Genotype> genotypes(const Population& population) {
    std::set<space::Genotype> all;
    for (const Individual& member : population) all.insert(member.genotype);
    return all;
}

inline std::vector<std::int64_t> ids(const Population& population) {
    std::vector<std::int64_t> all;
    for (const Individual& member : population) all.push_back(member.id);
    return all;
}

inline double by_place(std::size_t place) {
    return 1.0 - 0.01 * static_cast<double>(place);
}

}  // namespace atnas::evo::test
