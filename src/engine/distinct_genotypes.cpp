// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/distinct_genotypes.hpp"

#include <map>
#include <utility>

#include "atnas/comm/island_map.hpp"
#include "atnas/core/contract.hpp"

namespace atnas::engine {

DistinctGenotypes distinct_genotypes(std::span<const Island> islands, const space::SearchSpace& space) {
    DistinctGenotypes distinct;
    std::map<space::Genotype, std::size_t> known;
    for (const Island& island : islands) {
        std::vector<std::size_t>& indices = distinct.of_member.emplace_back();
        for (const evo::Individual& member : island.population()) {
            const auto [place, first] = known.emplace(space.canonical(member.genotype), distinct.genotypes.size());
            if (first) distinct.genotypes.push_back({place->first, island.number(), member.macs});
            indices.push_back(place->second);
        }
    }
    return distinct;
}

std::vector<WorkItem> evaluation_items(const DistinctGenotypes& distinct, std::span<const std::size_t> chosen,
                                       int episodes, int ranks) {
    ATNAS_EXPECT(episodes > 0 && ranks > 0);
    const auto islands = static_cast<int>(distinct.of_member.size());
    std::vector<WorkItem> items;
    items.reserve(chosen.size() * static_cast<std::size_t>(episodes));
    for (const std::size_t index : chosen) {
        const DistinctGenotype& each = distinct.genotypes[index];
        const WorkItem item{static_cast<double>(each.macs), comm::home_of(each.island, islands, ranks)};
        items.insert(items.end(), static_cast<std::size_t>(episodes), item);
    }
    return items;
}

}  // namespace atnas::engine
