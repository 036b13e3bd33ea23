// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/finalists.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <set>

#include "atnas/core/contract.hpp"

namespace atnas::engine {

int FinalistOptions::begin(int iterations) const noexcept {
    if (until >= 1) return std::numeric_limits<int>::max();
    // 0.55 * 100 is a little more than 55.
    constexpr double rounding = 1e-9;
    return static_cast<int>(std::ceil((until - rounding) * iterations));
}

void keep_finalists(std::span<Island> islands, int count, const evo::Selection& selection,
                    const space::SearchSpace& space) {
    ATNAS_EXPECT(count > 0);
    evo::Population all;
    for (const Island& island : islands) all.insert(all.end(), island.population().begin(), island.population().end());
    selection.rank(all);
    evo::Population finalists;
    std::set<space::Genotype> networks;
    for (const evo::Individual& member : all) {
        if (finalists.size() == static_cast<std::size_t>(count)) break;
        if (!networks.insert(space.canonical(member.genotype)).second) continue;
        finalists.push_back(member);
        ++finalists.back().age;
    }
    for (Island& island : islands) island.population() = finalists;
}

}  // namespace atnas::engine
