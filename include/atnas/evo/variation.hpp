// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How new genotypes come from those of parents.

#include <vector>

#include "atnas/core/error.hpp"
#include "atnas/core/random.hpp"
#include "atnas/evo/individual.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::evo {

struct VariationOptions {
    int offspring{4};            ///< new members per generation; the rest survive
    double crossover_rate{0.5};  ///< chance that a child has two parents
    double mutation_rate{0.1};   ///< per locus
    int founder_mutations{2};    ///< the population starts as mutants of one encode: mutation passes per founder;
                                 ///< -1 = unrelated uniform samples
};

/// Everything that cannot work, each naming the option and its value; empty when all is well.
std::vector<Problem> problems_of(const VariationOptions& options);

/// Uniform crossover of whole loci: each comes from either parent with equal chance (Syswerda 1989). Draws again where
/// the child costs too much for the space; returns \p a after a hundred tries.
space::Genotype crossover(const space::SearchSpace& space, const space::Genotype& a, const space::Genotype& b,
                          RandomStream& random);

/// A child of two: their crossover, then mutation at \p rate, which may change nothing.
space::Genotype recombined(const space::SearchSpace& space, const space::Genotype& a, const space::Genotype& b,
                           double rate, RandomStream& random);

struct Walk {
    double rate;  ///< of mutation
    int tries;
};
/// Walks away from \p genotype by mutation until it is none of \p members or the tries are used up. The result is
/// canonical. \pre genotypes of members are
space::Genotype made_distinct(const space::SearchSpace& space, space::Genotype genotype, const Population& members,
                              const Walk& walk, RandomStream& random);

}  // namespace atnas::evo
