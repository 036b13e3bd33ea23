#include "atnas/app/migrator.hpp"

#include <algorithm>
#include <utility>

#include "atnas/app/gather_rows.hpp"
#include "atnas/comm/exchange.hpp"
#include "atnas/evo/migrant_bytes.hpp"

namespace atnas::app {

Migrator::Migrator(const Deck& deck, int genes, const comm::Communicator& communicator)
    : options_(deck.migration.options),
      topology_(evo::make_topology(deck.migration.topology)),
      seed_(deck.run.seed),
      islands_(deck.evo.islands),
      genes_(genes),
      communicator_(communicator) {
    if (deck.migration.mode == MigrationMode::async) mailbox_.emplace(communicator, islands_);
}

void Migrator::migrate(std::span<Island> islands, int generation) {
    const bool due = options_.interval > 0 && (generation + 1) % options_.interval == 0;
    if (!due && !mailbox_) return;
    std::vector<comm::Parcel> parcels;
    if (due) parcels = departing(islands, generation);
    if (mailbox_) {
        take_in(mailbox_->collect(), islands, generation);
        mailbox_->send(std::move(parcels));
    } else {
        take_in(comm::exchange(communicator_, islands_, std::move(parcels)), islands, generation);
    }
}

void Migrator::settle(std::span<Island> islands, int generation) {
    if (mailbox_) take_in(mailbox_->settle(), islands, generation);
    complete_log();
}

std::vector<comm::Parcel> Migrator::departing(std::span<const Island> islands, int generation) const {
    std::vector<comm::Parcel> parcels;
    for (const Island& island : islands) {
        for (const int to : topology_->targets(island.number(), {seed_, generation, islands_})) {
            const evo::Journey journey{seed_, island.number(), to, generation};
            parcels.push_back(
                {island.number(), to, evo::pack({generation, evo::emigrants(island.population(), journey, options_)})});
        }
    }
    return parcels;
}

void Migrator::take_in(const std::vector<comm::Parcel>& parcels, std::span<Island> islands, int generation) {
    for (const comm::Parcel& parcel : parcels) {
        Island& island = islands[static_cast<std::size_t>(parcel.to - islands.front().number())];
        evo::rank(island.population());
        const evo::Migrants migrants = evo::unpack(parcel.bytes);
        evo::immigrate(island.population(), migrants.individuals, {seed_, parcel.from, parcel.to, migrants.departure},
                       generation, options_, unshared_);
    }
}

void Migrator::complete_log() {
    std::vector<std::vector<double>> rows;
    for (const evo::MigrationRecord& r : std::exchange(unshared_, {})) {
        rows.push_back({double(r.generation), double(r.from), double(r.to), double(r.admission), r.fitness});
        append_genes(r.genotype, rows.back());
    }
    auto all = gather_rows(communicator_, rows, static_cast<std::size_t>(5 + genes_));
    // Within a generation rank order is the order of receivers, whatever the number of ranks.
    std::ranges::stable_sort(all, {}, [](const std::vector<double>& row) { return row[0]; });
    for (const auto& row : all)
        log_.push_back({static_cast<std::int64_t>(row[0]), static_cast<std::int64_t>(row[1]),
                        static_cast<std::int64_t>(row[2]), static_cast<evo::Admission>(row[3]), row[4],
                        genes_from(row, 5)});
}

}  // namespace atnas::app
