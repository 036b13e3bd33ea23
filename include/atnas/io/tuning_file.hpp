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

/// Whether ranks that chose for one shape and kind of machine chose the same.
enum class TuningChoices { equal, different };

/// Writes the lines that all ranks have between them, each once; nothing where there are none. A line is what was
/// chosen for, a tab, the choice. Returns the same on every rank. Throws Error(bad_data). Collective.
TuningChoices write_tuning(const std::filesystem::path& folder, const std::string& own,
                           const comm::Communicator& communicator);

}  // namespace atnas::io
