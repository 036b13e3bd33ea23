// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Who leaves an island and who is let in.

#include <cstdint>
#include <span>
#include <vector>

#include "atnas/evo/individual.hpp"
#include "atnas/evo/selection.hpp"

namespace atnas::evo {

enum class EmigrantPolicy {
    best,        ///< the best members, best first
    random,      ///< any members
    tournament,  ///< winners of tournaments among those not yet chosen
};
enum class ReplacementPolicy {
    worst,   ///< the last in rank
    random,  ///< any but the best
    oldest,  ///< the one of the largest age but the best; of several the last in rank
};
enum class AcceptancePolicy {
    always,  ///< whatever the fitness
    better,  ///< only an immigrant that is better than the member it would replace
};

struct MigrationOptions {
    int interval{2};  ///< generations between migrations; 0 = never
    int migrants{1};  ///< copies of members sent along every edge
    EmigrantPolicy emigrants{EmigrantPolicy::best};
    int tournament{2};  ///< contestants of EmigrantPolicy::tournament
    ReplacementPolicy replace{ReplacementPolicy::worst};
    AcceptancePolicy accept{AcceptancePolicy::better};
};

/// Migrants on one edge. What is drawn at random for them depends on nothing else.
struct Journey {
    std::uint64_t seed{0};
    int from{0};  ///< island
    int to{0};    ///< island
    int generation{0};
};

/// What became of a migrant: let in, refused because its genotype is there already, refused because it is not better
/// than the member it would replace. Numbers are stored in checkpoints: append, never renumber.
enum class Admission : std::int64_t { accepted, duplicate, worse };
struct MigrationRecord {
    std::int64_t generation;
    std::int64_t from, to;  ///< islands
    Admission admission;
    double fitness;  ///< on the island it left
    space::Genotype genotype;
};

/// Copies of options.migrants distinct members (or of all), as options.emigrants says; members that were not evaluated
/// stay at home. When to send (options.interval) is the caller's decision. \pre population is ranked, best first
std::vector<Individual> emigrants(const Population& population, const Journey& journey,
                                  const MigrationOptions& options);

/// Takes immigrants in, in order, each in the place of one member. Refused are duplicates, whatever the options, and
/// what options.accept keeps out; under AcceptancePolicy::better that includes everybody who is not evaluated. The best
/// member gives way only to a better one, whatever the options; it is drawn as the one to replace only where it is
/// alone. Returns one record each. Immigrants keep id, birth and age. \p population is ranked before and after.
/// \pre population is not empty
std::vector<MigrationRecord> immigrate(Population& population, std::span<const Individual> immigrants,
                                       const Journey& journey, const MigrationOptions& options,
                                       const Selection& selection);

}  // namespace atnas::evo
