#include "atnas/evo/individual.hpp"

#include <algorithm>
#include <cmath>

namespace atnas::evo {

bool better(const Individual& a, const Individual& b) noexcept {
    const bool a_evaluated = !std::isnan(a.fitness);
    const bool b_evaluated = !std::isnan(b.fitness);
    if (a_evaluated != b_evaluated) return a_evaluated;
    if (a_evaluated && a.fitness != b.fitness) return a.fitness > b.fitness;
    if (a.macs != b.macs) return a.macs < b.macs;
    if (a.genotype != b.genotype) return a.genotype < b.genotype;
    return a.id < b.id;
}

void rank(Population& population) {
    std::ranges::sort(population, better);
}

double mean_fitness(const Population& population) noexcept {
    double sum = 0.0;
    int judged = 0;
    for (const Individual& member : population) {
        if (std::isnan(member.fitness) || member.fitness == worst_fitness) continue;
        sum += member.fitness;
        ++judged;
    }
    return judged == 0 ? worst_fitness : sum / judged;
}

}  // namespace atnas::evo
