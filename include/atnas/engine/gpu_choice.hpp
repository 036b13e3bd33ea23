// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which GPU is whose: every rank gets one of its own, or none gets any.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "atnas/backend/visible_gpus.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/core/error.hpp"

namespace atnas::engine {

/// What a rank tells the others of the GPUs it sees.
struct RankGpus {
    int host{0};            ///< equal for ranks of one host
    std::string host_name;  ///< for messages
    backend::VisibleGpus seen{};
};

/// Of all ranks, the same on every rank. Collective.
std::vector<RankGpus> gpus_of_ranks(const comm::Communicator& communicator);

struct GpuChoice {
    std::vector<int> devices;        ///< by rank, its number in that rank's process; empty where there is a problem
    std::optional<Problem> problem;  ///< why not every rank has a GPU of its own
};

/// Addresses that several of \p ids have: those of GPUs cut into slices.
std::set<std::string> shared_addresses(const std::vector<backend::DeviceId>& ids);
/// For people: the address, and the UUID where that is not enough.
std::string label_of(const backend::DeviceId& id, const std::set<std::string>& shared);

/// Of the usable GPUs, told apart by PCI address and UUID, each rank gets the one of its place among the ranks of its
/// host where all of these see the same, and its first where none of these sees another's. Anything else, too few among
/// it, is a problem: no rank shares a GPU, for two replicas on one would only slow each other down, and NCCL refuses
/// them.
GpuChoice choose_gpus(const std::vector<RankGpus>& ranks);

}  // namespace atnas::engine
