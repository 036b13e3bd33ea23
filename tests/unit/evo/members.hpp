#pragma once
/// \file
/// Members of small populations.

#include <limits>

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

}  // namespace atnas::evo::test
