// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/tournament.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "atnas/core/contract.hpp"

namespace atnas::evo {

std::size_t tournament(const Tournament& tournament, RandomStream& random) {
    std::vector<std::size_t> candidates(tournament.members);
    std::iota(candidates.begin(), candidates.end(), std::size_t{0});
    if (tournament.barred) candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(*tournament.barred));
    ATNAS_EXPECT(!candidates.empty());
    ATNAS_EXPECT(tournament.contestants > 0);

    const std::size_t drawn = std::min(static_cast<std::size_t>(tournament.contestants), candidates.size());
    for (std::size_t i = 0; i < drawn; ++i)
        std::swap(candidates[i], candidates[i + random.index(static_cast<std::uint32_t>(candidates.size() - i))]);
    return *std::min_element(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(drawn));
}

}  // namespace atnas::evo
