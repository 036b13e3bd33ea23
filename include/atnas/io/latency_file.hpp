// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What engine::LatencyTable measured, kept in latency.json beside the checkpoints, so that a restart on the same kind
/// of machine does not measure again.

#include <filesystem>
#include <map>
#include <string>

#include "atnas/comm/communicator.hpp"

namespace atnas::io {

/// Where it was measured, and microseconds for an image by the text of an encode.
struct Latencies {
    std::string place;
    std::map<std::string, double> microseconds;
};

/// What the file of that folder holds if it was made in this place, the same on every rank; nothing without one, or
/// with one that cannot be read. Collective.
std::map<std::string, double> read_latencies(const std::filesystem::path& folder, const std::string& place,
                                             const comm::Communicator& communicator);

/// Rank 0 writes it. Throws Error(bad_data) on every rank. Collective.
void write_latencies(const std::filesystem::path& folder, const Latencies& latencies,
                     const comm::Communicator& communicator);

}  // namespace atnas::io
