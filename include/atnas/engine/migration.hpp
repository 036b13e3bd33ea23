// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Migration between the islands, and how all ranks come to know all populations.

#include <cstdint>
#include <span>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/engine/island.hpp"
#include "atnas/evo/migrator.hpp"

namespace atnas::engine {

struct MigrationOptions {
    evo::MigrationOptions migration{};
    evo::TopologyOptions topology{};
    std::uint64_t seed{1};
};

class Migration {
  public:
    /// Keeps references. \pre evo::problems_of(options.topology, islands) is empty for the islands of every call
    Migration(const MigrationOptions& options, const evo::Selection& selection, const comm::Communicator& communicator);

    /// After every generation, with all islands evaluated and ranked: copies of members arrive in every interval-th.
    /// Every rank knows all islands and does the same, so migrants are no messages. One record per migrant: by
    /// receiver, then sender.
    std::vector<evo::MigrationRecord> migrate(std::span<Island> islands, int generation) const;
    /// The populations that follow \p generation: every rank makes those of its own islands (comm::islands_of()) and
    /// gets those of the others. \p surrogate as Evolution::next() takes it, the same on every rank. Collective.
    void next_generation(std::span<Island> islands, const evo::Evolution& evolution, int generation,
                         const evo::Surrogate* surrogate = nullptr) const;

  private:
    evo::Migrator migrator_;
    const comm::Communicator& communicator_;
};

}  // namespace atnas::engine
