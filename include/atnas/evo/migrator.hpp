// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Migration between all islands of a search.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "atnas/evo/migration.hpp"
#include "atnas/evo/topology.hpp"

namespace atnas::evo {

/// Everybody who leaves in a generation leaves before anybody arrives. Every rank knows all populations and computes
/// the same, so migrants are no messages.
class Migrator {
  public:
    /// Keeps a reference to \p selection. \pre problems_of(topology, islands) is empty for the islands of every call
    Migrator(const MigrationOptions& options, const TopologyOptions& topology, const Selection& selection,
             std::uint64_t seed);

    /// To be called in every generation with the populations of all islands, by island, evaluated and ranked; copies of
    /// members arrive in every interval-th. The populations stay ranked. One record per migrant: by receiver, then
    /// sender.
    std::vector<MigrationRecord> migrate(std::span<Population> populations, int generation) const;

  private:
    MigrationOptions options_;
    std::unique_ptr<Topology> topology_;
    const Selection& selection_;
    std::uint64_t seed_;
};

}  // namespace atnas::evo
