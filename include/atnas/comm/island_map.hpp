// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which rank holds which islands, and where an island's work is at home: contiguous blocks, the first ones one longer
/// where it does not divide. With more islands than ranks a rank holds a block of islands; with more ranks than islands
/// a block of ranks is the home of one island, and the first of them holds it.

namespace atnas::comm {

struct IslandBlock {
    int first;  ///< with count 0: that of the next rank that holds one
    int count;
};

struct RankBlock {
    int first;
    int count;

    bool operator==(const RankBlock&) const = default;
};

/// The islands that a rank holds; with more ranks than islands one or none.
/// \pre 0 <= rank < ranks, 0 <= islands
IslandBlock islands_of(int rank, int ranks, int islands) noexcept;

/// The ranks that an island's work is at home on: its holder, or with more ranks than islands all ranks of its block.
/// \pre 0 <= island < islands, 0 < ranks
RankBlock home_of(int island, int islands, int ranks) noexcept;

}  // namespace atnas::comm
