// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Sums of long vectors over all ranks.

#include <algorithm>
#include <cstddef>
#include <span>

#include "mpi_check.hpp"

namespace atnas::comm {

/// values = sum over all ranks, in pieces that MPI can count. Collective.
template <class T>
void sum_in_pieces(MPI_Comm communicator, std::span<T> values, MPI_Datatype type) {
    constexpr std::size_t most = piece_bytes / sizeof(T);
    while (!values.empty()) {
        const std::span<T> piece = values.first(std::min(most, values.size()));
        check_mpi(
            MPI_Allreduce(MPI_IN_PLACE, piece.data(), static_cast<int>(piece.size()), type, MPI_SUM, communicator),
            "MPI_Allreduce");
        values = values.subspan(piece.size());
    }
}

}  // namespace atnas::comm
