// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/migration.hpp"

#include <cstddef>
#include <utility>

#include "atnas/comm/island_map.hpp"
#include "atnas/core/contract.hpp"
#include "atnas/evo/population_bytes.hpp"

namespace atnas::engine {

Migration::Migration(const MigrationOptions& options, const evo::Selection& selection,
                     const comm::Communicator& communicator)
    : migrator_(options.migration, options.topology, selection, options.seed), communicator_(communicator) {}

std::vector<evo::MigrationRecord> Migration::migrate(std::span<Island> islands, int generation) const {
    std::vector<evo::Population> populations;
    for (Island& island : islands) populations.push_back(std::move(island.population()));
    auto records = migrator_.migrate(populations, generation);
    for (std::size_t i = 0; i < islands.size(); ++i) islands[i].population() = std::move(populations[i]);
    return records;
}

void Migration::next_generation(std::span<Island> islands, const evo::Evolution& evolution, int generation,
                                const evo::Surrogate* surrogate) const {
    const auto own = comm::islands_of(communicator_.rank(), communicator_.size(), static_cast<int>(islands.size()));
    std::vector<std::byte> message;
    for (int i = own.first; i < own.first + own.count; ++i) {
        Island& island = islands[static_cast<std::size_t>(i)];
        evo::append_bytes(evolution.next(std::move(island.population()), island.number(), generation, surrogate),
                          message);
    }
    // Ranks own islands in order.
    std::vector<evo::Population> populations = evo::read_populations(communicator_.all_gather(message));
    ATNAS_EXPECT(populations.size() == islands.size());
    for (std::size_t i = 0; i < islands.size(); ++i) islands[i].population() = std::move(populations[i]);
}

}  // namespace atnas::engine
