// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/cautious_fitness.hpp"

#include <algorithm>

namespace atnas::evo {

double cautious_fitness(const Individual& individual, double caution) noexcept {
    if (!has_accuracy(individual)) return individual.fitness;
    return std::max(0.0, individual.fitness - caution * individual.difference_error);
}

Objectives cautious_objectives(double caution) {
    const auto value = [caution](const Individual& individual) { return cautious_fitness(individual, caution); };
    return Objectives({{value, Sense::larger_is_better}});
}

}  // namespace atnas::evo
