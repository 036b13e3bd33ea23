// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/elite_encodes.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace atnas::engine {

std::vector<space::Genotype> elite_encodes(const io::CheckpointState& state, const space::SearchSpace& space,
                                           const evo::Objectives& order, const space::Genotype& best) {
    std::vector<const evo::Individual*> members;
    for (const evo::Population& population : state.populations)
        for (const evo::Individual& member : population) members.push_back(&member);
    std::ranges::sort(members, [&](const auto* a, const auto* b) { return order.better(*a, *b); });
    std::vector<space::Genotype> elite;
    std::set<space::Genotype> found;
    const auto take = [&](const space::Genotype& genotype) {
        if (!space.is_legal(genotype)) return;
        space::Genotype encode = space.canonical(genotype);
        if (found.insert(encode).second) elite.push_back(std::move(encode));
    };
    if (!best.genes.empty()) take(best);
    for (const evo::Individual* member : members) take(member->genotype);
    return elite;
}

}  // namespace atnas::engine
