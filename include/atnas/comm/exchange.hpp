#pragma once
/// \file
/// Point-to-point exchange of byte strings between islands.

#include <cstddef>
#include <vector>

#include "atnas/comm/communicator.hpp"

namespace atnas::comm {

/// Bytes for one island.
struct Parcel {
    int from;  ///< island
    int to;    ///< island
    std::vector<std::byte> bytes;
};

/// By (to, from); several parcels of one island for another keep their order.
void sort_parcels(std::vector<Parcel>& parcels);

/// Delivers every parcel to the rank that holds its island (comm/island_map.hpp) and returns what arrived for the
/// islands of this rank, ordered by (to, from). Sizes travel first; receives are posted before sends; parcels between
/// islands of the same rank do not touch MPI. Collective.
std::vector<Parcel> exchange(const Communicator& communicator, int islands, std::vector<Parcel> outgoing);

}  // namespace atnas::comm
