#pragma once
/// \file
/// Migration between the islands of all ranks.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "atnas/app/deck/deck.hpp"
#include "atnas/app/island.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/comm/mailbox.hpp"
#include "atnas/evo/migration.hpp"
#include "atnas/evo/topology.hpp"

namespace atnas::app {

/// \p islands are always those of this rank, in island order.
class Migrator {
  public:
    /// \p genes of every genotype. Keeps a reference to \p communicator. Collective.
    Migrator(const Deck& deck, int genes, const comm::Communicator& communicator);

    /// To be called in every generation, when all members are evaluated and ranked; migrants leave in every
    /// interval-th. sync: they arrive at once; collective. async: takes in what has arrived since the last call and
    /// sends without waiting; not collective. Migrants then get in with the next generation or later, from a rank that
    /// is ahead even with the same.
    void migrate(std::span<Island> islands, int generation);

    /// Before a checkpoint and at the end: takes in everything in flight, as part of \p generation, and completes the
    /// log. Who was not evaluated yet ranks last and is the first to be replaced by what was in flight. Collective.
    void settle(std::span<Island> islands, int generation);

    /// One entry per migrant, whole on every rank after settle(): by generation, then receiver.
    const std::vector<evo::MigrationRecord>& log() const noexcept { return log_; }
    /// Goes on from a stored log. \pre nothing was sent yet
    void restore(std::vector<evo::MigrationRecord> log) { log_ = std::move(log); }

  private:
    std::vector<comm::Parcel> departing(std::span<const Island> islands, int generation) const;
    void take_in(const std::vector<comm::Parcel>& parcels, std::span<Island> islands, int generation);
    void complete_log();

    evo::MigrationOptions options_;
    std::unique_ptr<evo::Topology> topology_;
    std::uint64_t seed_;
    int islands_;  ///< of all ranks
    int genes_;
    const comm::Communicator& communicator_;
    std::optional<comm::Mailbox> mailbox_;        ///< async only
    std::vector<evo::MigrationRecord> unshared_;  ///< what this rank has to add to the log
    std::vector<evo::MigrationRecord> log_;
};

}  // namespace atnas::app
