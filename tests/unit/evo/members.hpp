// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Members of small populations.

#include <limits>
#include <vector>

#include "atnas/evo/individual.hpp"

namespace atnas::evo::test {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// \p gene makes its genotype and its id, 100 + gene.
inline Individual member(double fitness, std::int8_t gene, std::int64_t age = 0) {
    Individual individual;
    individual.genotype.genes = {gene, 3};
    individual.fitness = fitness;
    individual.id = 100 + gene;
    individual.age = age;
    return individual;
}

inline std::vector<std::int64_t> ids_of(const std::vector<Individual>& individuals) {
    std::vector<std::int64_t> ids;
    for (const Individual& each : individuals) ids.push_back(each.id);
    return ids;
}

}  // namespace atnas::evo::test
