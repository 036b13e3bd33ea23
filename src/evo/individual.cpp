// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/individual.hpp"

#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

namespace atnas::evo {

bool has_accuracy(const Individual& individual) noexcept {
    return !std::isnan(individual.fitness) && individual.fitness != worst_fitness;
}

double mean_fitness(const Population& population) noexcept {
    double sum = 0.0;
    int judged = 0;
    for (const Individual& member : population) {
        if (!has_accuracy(member)) continue;
        sum += member.fitness;
        ++judged;
    }
    return judged == 0 ? worst_fitness : sum / judged;
}

double fitness_spread(const Population& population) noexcept {
    const double mean = mean_fitness(population);
    double sum = 0.0;
    int judged = 0;
    for (const Individual& member : population) {
        if (!has_accuracy(member)) continue;
        sum += (member.fitness - mean) * (member.fitness - mean);
        ++judged;
    }
    return judged == 0 ? 0.0 : std::sqrt(sum / judged);
}

int different_encodes(const Population& population) {
    std::set<std::vector<std::int8_t>> encodes;
    for (const Individual& member : population)
        if (!std::isnan(member.fitness)) encodes.insert(member.genotype.genes);
    return static_cast<int>(encodes.size());
}

}  // namespace atnas::evo
