// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/migrator.hpp"

#include <algorithm>

namespace atnas::evo {

namespace {

/// Who leaves one island for another one.
struct Departure {
    Journey journey;
    std::vector<Individual> migrants;
};

}  // namespace

Migrator::Migrator(const MigrationOptions& options, const TopologyOptions& topology, const Selection& selection,
                   std::uint64_t seed)
    : options_(options), topology_(make_topology(topology)), selection_(selection), seed_(seed) {}

std::vector<MigrationRecord> Migrator::migrate(std::span<Population> populations, int generation) const {
    if (options_.interval <= 0 || (generation + 1) % options_.interval != 0) return {};
    const auto islands = static_cast<int>(populations.size());
    std::vector<Departure> departures;
    for (int from = 0; from < islands; ++from) {
        const Population& population = populations[static_cast<std::size_t>(from)];
        for (const int to : topology_->targets(from, {seed_, generation, islands})) {
            const Journey journey{seed_, from, to, generation};
            departures.push_back({journey, emigrants(population, journey, options_)});
        }
    }
    std::ranges::stable_sort(departures, {}, [](const Departure& d) { return d.journey.to; });
    std::vector<MigrationRecord> log;
    for (const auto& [journey, migrants] : departures) {
        const auto records =
            immigrate(populations[static_cast<std::size_t>(journey.to)], migrants, journey, options_, selection_);
        log.insert(log.end(), records.begin(), records.end());
    }
    return log;
}

}  // namespace atnas::evo
