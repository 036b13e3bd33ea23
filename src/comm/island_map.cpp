// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/island_map.hpp"

#include <algorithm>

#include "atnas/core/contract.hpp"

namespace atnas::comm {

IslandBlock islands_of(int rank, int ranks, int islands) noexcept {
    ATNAS_EXPECT(islands >= 0);
    ATNAS_EXPECT(0 <= rank && rank < ranks);
    const int share = islands / ranks;
    const int longer = islands % ranks;
    return {rank * share + std::min(rank, longer), share + (rank < longer ? 1 : 0)};
}

}  // namespace atnas::comm
