// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/cautious_fitness.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace atnas::evo {

double cautious_fitness(const Individual& individual, double caution) noexcept {
    if (!has_accuracy(individual)) return individual.fitness;
    return std::max(0.0, individual.fitness - caution * individual.difference_error);
}

Objectives cautious_objectives(double caution, std::span<const ObjectiveName> names) {
    std::vector<Objective> objectives;
    for (const ObjectiveName name : names) {
        objectives.push_back(objective_of(name));
        if (name == ObjectiveName::fitness)
            objectives.back().value = [caution](const Individual& each) { return cautious_fitness(each, caution); };
    }
    return Objectives(std::move(objectives));
}

}  // namespace atnas::evo
