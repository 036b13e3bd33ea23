// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which rank holds which islands: contiguous blocks, the first ranks one longer where it does not divide.

namespace atnas::comm {

struct IslandBlock {
    int first;
    int count;
};

/// Where there are more ranks than islands the last ranks hold none.
/// \pre 0 < ranks, 0 <= islands, 0 <= rank < ranks
IslandBlock islands_of(int rank, int ranks, int islands) noexcept;

}  // namespace atnas::comm
