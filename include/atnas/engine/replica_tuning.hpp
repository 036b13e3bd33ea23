// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the device of a replica found out by trying, kept beside checkpoints.

#include <filesystem>

#include "atnas/backend/backend.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/io/reproducibility.hpp"

namespace atnas::engine {

/// Gives the device what is kept in that folder; nothing on processors, or where there is none. Collective.
void tune(backend::Backend& backend, const std::filesystem::path& folder, const comm::Communicator& communicator);
/// What the replicas of all ranks are computed by.
struct TunedReplica {
    backend::Backend& backend;
    const comm::Communicator& communicator;
};
/// Keeps what the devices of all ranks have found out, as io::write_tuning(). Where ranks found out different things,
/// the run is not reproducible any more: a warning says so, once. Before a checkpoint, which keeps that. Collective.
void keep_tuning(const TunedReplica& replica, const std::filesystem::path& folder,
                 io::Reproducibility& reproducibility);

}  // namespace atnas::engine
