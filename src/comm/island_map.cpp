// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/island_map.hpp"

#include <algorithm>

#include "atnas/core/contract.hpp"

namespace atnas::comm {
namespace {

/// Of \p count things in \p blocks blocks, the first one of a block; of block number \p blocks the end.
int begin_of(int block, int blocks, int count) noexcept {
    return block * (count / blocks) + std::min(block, count % blocks);
}

/// The block that has a thing. \pre 0 < blocks <= count
int block_of(int thing, int blocks, int count) noexcept {
    const int share = count / blocks;
    const int in_longer = count % blocks * (share + 1);
    return thing < in_longer ? thing / (share + 1) : count % blocks + (thing - in_longer) / share;
}

}  // namespace

IslandBlock islands_of(int rank, int ranks, int islands) noexcept {
    ATNAS_EXPECT(0 <= rank && rank < ranks && 0 <= islands);
    if (islands == 0) return {0, 0};
    if (ranks <= islands) {
        const int first = begin_of(rank, ranks, islands);
        return {first, begin_of(rank + 1, ranks, islands) - first};
    }
    const int island = block_of(rank, islands, ranks);
    if (rank == begin_of(island, islands, ranks)) return {island, 1};
    return {island + 1, 0};
}

RankBlock home_of(int island, int islands, int ranks) noexcept {
    ATNAS_EXPECT(0 <= island && island < islands && 0 < ranks);
    if (ranks <= islands) return {block_of(island, ranks, islands), 1};
    const int first = begin_of(island, islands, ranks);
    return {first, begin_of(island + 1, islands, ranks) - first};
}

}  // namespace atnas::comm
