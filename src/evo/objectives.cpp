// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/objectives.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::evo {

Objective objective_of(ObjectiveName name) {
    const auto cost = [](std::int64_t Individual::*field) {
        return Objective{[field](const Individual& individual) { return static_cast<double>(individual.*field); },
                         Sense::smaller_is_better};
    };
    switch (name) {
        case ObjectiveName::macs:
            return cost(&Individual::macs);
        case ObjectiveName::parameters:
            return cost(&Individual::parameters);
        case ObjectiveName::memory:
            return cost(&Individual::memory);
        case ObjectiveName::latency:
            return {&Individual::latency, Sense::smaller_is_better};
        case ObjectiveName::fitness:
            break;
    }
    return {&Individual::fitness, Sense::larger_is_better};
}

Objectives::Objectives(std::span<const ObjectiveName> names) {
    ATNAS_EXPECT(!names.empty());
    for (const ObjectiveName name : names) objectives_.push_back(objective_of(name));
}

Objectives::Objectives(std::vector<Objective> objectives) : objectives_(std::move(objectives)) {
    ATNAS_EXPECT(!objectives_.empty());
}

Objectives Objectives::within(Limit limit) const {
    ATNAS_EXPECT(limit.most > 0);
    Objectives limited = *this;
    limited.limits_.push_back(std::move(limit));
    return limited;
}

double Objectives::excess(const Individual& individual) const noexcept {
    double sum = 0;
    for (const auto& [value, most] : limits_)
        if (const double share = value(individual) / most; share > 1) sum += share - 1;
    return sum;
}

double Objectives::fitness_within_limits(const Individual& individual) const noexcept {
    return excess(individual) > 0 ? worst_fitness : individual.fitness;
}

std::vector<double> Objectives::minimised(const Individual& individual) const {
    std::vector<double> values;
    for (const auto& [value, sense] : objectives_)
        values.push_back(sense == Sense::smaller_is_better ? value(individual) : -value(individual));
    return values;
}

bool Objectives::are_known(const Individual& individual) const noexcept {
    return std::ranges::none_of(objectives_, [&](const Objective& o) { return std::isnan(o.value(individual)); });
}

bool Objectives::better(const Individual& a, const Individual& b) const noexcept {
    const bool a_known = are_known(a);
    if (a_known != are_known(b)) return a_known;
    if (a_known) {
        if (const double mine = excess(a), other = excess(b); mine != other) return mine < other;
        if (a.rounds != b.rounds) return a.rounds > b.rounds;
        for (const Objective& objective : objectives_) {
            const double mine = objective.value(a);
            const double other = objective.value(b);
            if (mine != other) return (mine > other) == (objective.sense == Sense::larger_is_better);
        }
    }
    if (a.macs != b.macs) return a.macs < b.macs;
    if (a.genotype != b.genotype) return a.genotype < b.genotype;
    return a.id < b.id;
}

}  // namespace atnas::evo
