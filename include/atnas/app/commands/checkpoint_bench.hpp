// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How fast the state of a big supernet goes to a disk and comes back.

#include <cstdint>
#include <filesystem>

#include "atnas/comm/communicator.hpp"

namespace atnas::app {

/// Seconds of the slowest rank.
struct CheckpointTimes {
    std::uint64_t bytes;  ///< of the file
    double write;         ///< until the file is on the disk (fsync) and has its name; the fastest of four
    double read;          ///< by every rank, digests verified; from the disk where the system forgets files on request
};

/// Writes a checkpoint of about \p bytes (weights and two moments) to \p folder, four times, reads
/// it, compares the two and removes it. Every rank needs about twice the memory. Throws Error(bad_data): the disk is
/// full, what was read is not what was written. Collective.
CheckpointTimes time_checkpoint(const std::filesystem::path& folder, std::uint64_t bytes,
                                const comm::Communicator& communicator);

}  // namespace atnas::app
