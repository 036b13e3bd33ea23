// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/encode_search.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::engine {
namespace {

/// Gives a member that encode and what it costs.
void settle(evo::Individual& member, const space::Genotype& encode, const space::CostModel& costs) {
    const space::Cost cost = costs.subnet(encode);
    member.genotype = encode;
    member.parameters = cost.parameters;
    member.macs = cost.macs;
    member.memory = cost.memory;
}

/// Deals the elite to the islands: the first members of each, whose others stay as they were founded.
void settle(std::vector<Island>& islands, std::span<const space::Genotype> elite, const space::CostModel& costs) {
    for (std::size_t e = 0; e < elite.size(); ++e) {
        evo::Population& members = islands[e % islands.size()].population();
        const std::size_t place = e / islands.size();
        if (place >= members.size()) return;
        const auto is_it = [&](const evo::Individual& member) { return member.genotype == elite[e]; };
        // A mutant may happen to be one of the elite.
        const auto same = std::ranges::find_if(members, is_it);
        if (same != members.end()) settle(*same, members[place].genotype, costs);
        settle(members[place], elite[e], costs);
    }
}

}  // namespace

EncodeSearch::EncodeSearch(const Place& place, const EncodeSearchOptions& options,
                           std::span<const space::Genotype> elite)
    : place_(place),
      selection_(evo::make_selection(options.evolution.selection)),
      evolution_({.space = place.space,
                  .costs = place.costs,
                  .selection = *selection_,
                  .options = options.evolution,
                  .seed = options.seed,
                  .islands = options.islands}),
      migration_(options.migration, *selection_, place.communicator) {
    const bool random = options.evolution.kind == evo::Kind::random;
    for (int island = 0; island < options.islands; ++island) {
        const std::size_t first = static_cast<std::size_t>(island) % std::max<std::size_t>(elite.size(), 1);
        islands_.emplace_back(island,
                              evolution_.found(island, elite.empty() || random ? space::Genotype{} : elite[first]));
    }
    if (!random) settle(islands_, elite, place.costs);
    ask();
}

void EncodeSearch::ask() {
    asked_.clear();
    std::set<space::Genotype> found;
    for (const Island& island : islands_)
        for (const evo::Individual& member : island.population()) {
            space::Genotype encode = place_.space.canonical(member.genotype);
            if (!judged_.contains(encode) && found.insert(encode).second) asked_.push_back(std::move(encode));
        }
}

void EncodeSearch::tell(std::span<const double> fitness) {
    ATNAS_EXPECT(fitness.size() == asked_.size());
    for (std::size_t i = 0; i < fitness.size(); ++i)
        judged_[asked_[i]] = std::isfinite(fitness[i]) ? fitness[i] : evo::worst_fitness;
    for (Island& island : islands_) {
        std::vector<Evidence> evidence;
        for (const evo::Individual& member : island.population())
            evidence.push_back({.fitness = judged_.at(place_.space.canonical(member.genotype))});
        island.judge({evidence}, *selection_);
    }
    migration_.migrate(islands_, generation_);
    migration_.next_generation(islands_, evolution_, generation_);
    ++generation_;
    ask();
}

std::vector<JudgedEncode> EncodeSearch::best(std::size_t count) const {
    std::vector<JudgedEncode> ranked;
    for (const auto& [genotype, fitness] : judged_) ranked.push_back({genotype, fitness});
    const auto macs = [&](const JudgedEncode& encode) { return place_.costs.subnet(encode.genotype).macs; };
    std::ranges::stable_sort(ranked, [&](const JudgedEncode& a, const JudgedEncode& b) {
        return a.fitness != b.fitness ? a.fitness > b.fitness : macs(a) < macs(b);
    });
    if (ranked.size() > count) ranked.resize(count);
    return ranked;
}

}  // namespace atnas::engine
