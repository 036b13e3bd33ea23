// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/individual.hpp"

#include <cmath>

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

}  // namespace atnas::evo
