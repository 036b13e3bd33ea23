// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/island.hpp"

#include <cmath>
#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::engine {

Island::Island(int number, evo::Population population) : number_(number), population_(std::move(population)) {}

int Island::judge(std::span<const double> fitness, const evo::Selection& selection) {
    ATNAS_EXPECT(fitness.size() == population_.size());
    int broken = 0;
    for (std::size_t i = 0; i < fitness.size(); ++i) {
        const bool finite = std::isfinite(fitness[i]);
        population_[i].fitness = finite ? fitness[i] : evo::worst_fitness;
        broken += finite ? 0 : 1;
    }
    selection.rank(population_);
    return broken;
}

std::vector<Island> found_islands(const evo::Evolution& evolution, int islands, const space::Genotype& founder) {
    std::vector<Island> all;
    for (int island = 0; island < islands; ++island) all.emplace_back(island, evolution.found(island, founder));
    return all;
}

}  // namespace atnas::engine
