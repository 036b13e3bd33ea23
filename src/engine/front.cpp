// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/front.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "atnas/core/contract.hpp"
#include "atnas/evo/hypervolume.hpp"

namespace atnas::engine {

namespace {

/// Judged as far as anybody, highest fitness first, each network once.
evo::Population networks_of(std::span<const Island> islands, const FrontScale& scale) {
    evo::Population all;
    const auto counts = [&](const evo::Individual& member) {
        return evo::has_accuracy(member) && !(scale.max_latency > 0 && member.latency > scale.max_latency);
    };
    for (const Island& island : islands) std::ranges::copy_if(island.population(), std::back_inserter(all), counts);
    const evo::Objectives by_fitness;
    std::ranges::sort(all, [&](const auto& a, const auto& b) { return by_fitness.better(a, b); });
    // Who stopped early in racing was not judged by the same tasks.
    std::erase_if(
        all, [&, most = all.empty() ? 0 : all.front().rounds](const auto& member) { return member.rounds < most; });
    std::set<space::Genotype> known;
    std::erase_if(all,
                  [&](const auto& member) { return !known.insert(scale.space.canonical(member.genotype)).second; });
    return all;
}

double scaled(const evo::Individual& member, evo::ObjectiveName objective, const FrontScale& scale) {
    const space::Cost& largest = scale.largest;
    const auto share = [](std::int64_t part, std::int64_t whole) {
        return static_cast<double>(part) / static_cast<double>(whole);
    };
    switch (objective) {
        case evo::ObjectiveName::macs:
            return share(member.macs, largest.macs);
        case evo::ObjectiveName::parameters:
            return share(member.parameters, largest.parameters);
        case evo::ObjectiveName::memory:
            return share(member.memory, largest.memory);
        case evo::ObjectiveName::latency:
            return member.latency / scale.largest_latency;
        case evo::ObjectiveName::fitness:
            break;
    }
    return 1 - member.fitness;
}

}  // namespace

Front front_of(std::span<const Island> islands, const FrontScale& scale) {
    ATNAS_EXPECT(!scale.objectives.empty());
    const evo::Population networks = networks_of(islands, scale);
    const evo::Objectives objectives(scale.objectives);
    std::vector<evo::ValueRow> values;
    for (const evo::Individual& member : networks) values.push_back(objectives.minimised(member));
    const auto fronts = evo::fronts_of(values);
    Front front;
    if (fronts.empty()) return front;
    std::vector<evo::ValueRow> shares;
    for (const std::size_t i : fronts.front()) {
        front.members.push_back(networks[i]);
        evo::ValueRow& row = shares.emplace_back();
        for (const evo::ObjectiveName objective : scale.objectives)
            row.push_back(scaled(networks[i], objective, scale));
    }
    front.hypervolume = evo::hypervolume(shares, evo::ValueRow(scale.objectives.size(), 1.0));
    return front;
}

}  // namespace atnas::engine
