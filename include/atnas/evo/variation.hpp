#pragma once
/// \file
/// From one generation's population to the next: selection and variation.

#include <cstdint>
#include <vector>

#include "atnas/core/error.hpp"
#include "atnas/core/random.hpp"
#include "atnas/evo/individual.hpp"
#include "atnas/space/cost_model.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::evo {

struct EvolutionOptions {
    int population{8};           ///< members per island (mu)
    int elite{2};                ///< best that always survive, whatever their age
    int offspring{4};            ///< new members per generation; the rest survive by fitness
    int tournament{2};           ///< contestants per parent
    double crossover_rate{0.5};  ///< chance that a child has two parents
    double mutation_rate{0.1};   ///< per locus
    int max_age{0};              ///< generations after which a member that is no elite dies; 0 = never
    int founder_mutations{2};    ///< the population starts as mutants of one encode: mutation passes per founder;
                                 ///< -1 = unrelated uniform samples
};

/// Members that ids can tell apart, and so the largest population.
inline constexpr int largest_population = 4096;

/// Everything that cannot work in \p options, each naming the option and its value; empty when all is well. The
/// functions below expect that.
std::vector<Problem> problems_of(const EvolutionOptions& options);

/// Island \p island's first population: the founder itself and mutants of it, or uniform samples. No duplicates as long
/// as the space has enough members. Founder: a function of the seed alone, unless \p founder has genes; every island
/// gets it. Uniform samples (founder_mutations = -1) include a \p founder that has genes and none otherwise. Ids have
/// birth 0; fitness is NaN. \pre founder has no genes or is legal
Population found_population(const space::SearchSpace& space, const space::CostModel& costs,
                            const EvolutionOptions& options, const space::Genotype& founder, std::uint64_t seed,
                            int island, int islands);

/// Winner of a tournament of \p contestants distinct members (all of them if there are fewer), by evo::better.
/// \pre population is not empty, contestants > 0
const Individual& tournament(const Population& population, int contestants, RandomStream& random);

/// Uniform crossover of whole loci: each comes from either parent with equal chance (Syswerda 1989).
space::Genotype crossover(const space::SearchSpace& space, const space::Genotype& a, const space::Genotype& b,
                          RandomStream& random);

/// One generation: \p population is evaluated; survivors (elite, then the fittest not over age) get older, offspring
/// of tournament winners fill up. Children that duplicate a member are redrawn by mutation a few times.
/// A child of one parent is always mutated; a child of two may be their plain recombination.
/// \p generation is the one in which \p population was evaluated; children are born in generation + 1 and have fitness
/// NaN, survivors keep theirs until they are evaluated again. Survivors come first, best first.
/// Deterministic in (population as a set, seed, island, generation). \pre population is not empty
Population next_population(const space::SearchSpace& space, const space::CostModel& costs,
                           const EvolutionOptions& options, Population population, std::uint64_t seed, int island,
                           int islands, int generation);

}  // namespace atnas::evo
