// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What backends found out by search (Backend::tuning()), kept in tuning.json beside the checkpoints, so that a restart
/// does not search again.

#include <filesystem>
#include <string>

#include "atnas/comm/communicator.hpp"

namespace atnas::io {

/// The lines in the file of that folder, the same on every rank; none without one, or with one that cannot be read.
/// Collective.
std::string read_tuning(const std::filesystem::path& folder, const comm::Communicator& communicator);

/// Writes the lines that all ranks have between them, each once; nothing where there are none. Throws Error(bad_data).
/// Collective.
void write_tuning(const std::filesystem::path& folder, const std::string& own, const comm::Communicator& communicator);

}  // namespace atnas::io
