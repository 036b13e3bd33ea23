#pragma once
/// \file
/// What backends found out by search (Backend::tuning()), kept in tuning.json beside the checkpoints, so that a restart
/// does not search again.

#include <filesystem>

#include "atnas/backend/backend.hpp"
#include "atnas/comm/communicator.hpp"

namespace atnas::app {

/// Gives every rank's backend what is in the file of that folder; without one, or with one that cannot be read,
/// nothing. Collective.
void load_tuning(const std::filesystem::path& folder, backend::Backend& backend,
                 const comm::Communicator& communicator);

/// Writes what all ranks know; nothing where no backend knows anything. Throws Error(bad_data). Collective.
void save_tuning(const std::filesystem::path& folder, const backend::Backend& backend,
                 const comm::Communicator& communicator);

}  // namespace atnas::app
