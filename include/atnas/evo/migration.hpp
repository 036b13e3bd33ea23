#pragma once
/// \file
/// Who leaves an island and who is let in.

#include <cstddef>
#include <span>
#include <vector>

#include "atnas/evo/individual.hpp"

namespace atnas::evo {

struct MigrationOptions {
    int interval{2};  ///< generations between migrations; 0 = never
    int migrants{1};  ///< copies of the best sent along every edge
};

/// What became of a migrant: let in, refused because its genotype is there already, refused because it is not better
/// than the worst member.
enum class Admission { accepted, duplicate, worse };
struct MigrationRecord {
    int generation;
    int from;
    int to;
    space::Genotype genotype;
    double fitness;
    Admission admission;
};

/// Copies of the best \p options.migrants members, best first; members that were not evaluated stay at home. When to
/// send (options.interval) is the caller's decision. \pre population is ranked
std::vector<Individual> emigrants(const Population& population, const MigrationOptions& options);

/// Takes immigrants in, in order: each replaces the worst member unless it is a duplicate or not better. Appends one
/// record each. Immigrants keep id, birth and age; one without fitness is never better. \p population is ranked before
/// and after.
void immigrate(Population& population, std::span<const Individual> immigrants, int generation, int from, int to,
               std::vector<MigrationRecord>& log);

/// Byte form of individuals for the wire, the same on every machine. unpack throws Error(failed) on a malformed string.
std::vector<std::byte> pack(std::span<const Individual> individuals);
std::vector<Individual> unpack(std::span<const std::byte> bytes);

}  // namespace atnas::evo
