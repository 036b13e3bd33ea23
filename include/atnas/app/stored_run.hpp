// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How a run with checkpoints begins: in a folder of its own, anew or from a checkpoint.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "atnas/app/deck/deck.hpp"
#include "atnas/app/stop_signals.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/io/run_folder.hpp"

namespace atnas::app {

struct RunStart {
    std::filesystem::path folder;
    std::string restart;  ///< "", "latest" or the path of a checkpoint
};

/// Keeps the folder from other runs, on rank 0: null on others. A restart may follow the loss of a machine and waits
/// for that one's lock to go. Throws Error on every rank. Collective.
std::unique_ptr<io::RunFolder> hold_folder(const RunStart& start, const StopSignals& signals,
                                           const comm::Communicator& communicator);

/// What to go on from; none = the run begins. Throws Error: there is none, or the folder holds the checkpoints of
/// another run. Collective.
std::optional<io::CheckpointState> stored_run(const RunStart& start, const comm::Communicator& communicator);

/// What is lost by going on from it with this deck: what it had lost, and every key that results depend on and that
/// changed, which a warning names.
io::Reproducibility reproducibility_after(const io::CheckpointState& stored, const Deck& deck);

}  // namespace atnas::app
