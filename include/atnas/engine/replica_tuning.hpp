// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the device of a replica found out by trying, kept beside checkpoints.

#include <filesystem>

#include "atnas/backend/backend.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/io/tuning_file.hpp"

namespace atnas::engine {

/// Gives the device what is kept in that folder; nothing on processors, or where there is none. Collective.
void tune(backend::Backend& backend, const std::filesystem::path& folder, const comm::Communicator& communicator);
/// Keeps what the devices of all ranks have found out, as io::write_tuning(). Collective.
io::TuningChoices keep_tuning(backend::Backend& backend, const std::filesystem::path& folder,
                              const comm::Communicator& communicator);
/// Says in the log what TuningChoices::different means for a run.
void warn_of_tuning();

}  // namespace atnas::engine
