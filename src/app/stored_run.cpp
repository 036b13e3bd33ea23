// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/stored_run.hpp"

#include <chrono>
#include <system_error>

#include <fmt/format.h>

#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/core/log.hpp"

namespace atnas::app {
namespace {

/// NFS keeps the locks of a lost machine for 90 s and more.
constexpr std::chrono::seconds lost_machine_patience{150};

/// A run would prune the checkpoints of another; only one of its own lets it into a folder that holds some.
void refuse_checkpoints(const std::filesystem::path& folder) {
    if (io::holds_checkpoints(folder))
        throw Error(ExitCode::bad_deck,
                    {fmt::format("run.folder = {} holds the checkpoints of another run", folder.string()),
                     "this run would replace them",
                     "go on with --restart=latest, choose another --run.folder=..., or remove it"});
}

bool same_folder(const std::filesystem::path& a, const std::filesystem::path& b) {
    std::error_code ignored;
    return std::filesystem::equivalent(a, b, ignored);
}

}  // namespace

std::unique_ptr<io::RunFolder> hold_folder(const RunStart& start, const StopSignals& signals,
                                           const comm::Communicator& communicator) {
    std::unique_ptr<io::RunFolder> folder;
    on_root(communicator, [&] {
        io::Patience patience;
        if (!start.restart.empty()) patience = {lost_machine_patience, [&] { return !signals.arrived().empty(); }};
        folder = std::make_unique<io::RunFolder>(start.folder, patience);
    });
    return folder;
}

std::optional<io::CheckpointState> stored_run(const RunStart& start, const comm::Communicator& communicator) {
    std::filesystem::path origin;
    if (!start.restart.empty()) origin = io::find_checkpoint(start.folder, start.restart, communicator);
    on_root(communicator, [&] {
        if (origin.empty() || !same_folder(std::filesystem::absolute(origin).parent_path(), start.folder))
            refuse_checkpoints(start.folder);
    });
    if (origin.empty()) return {};
    return io::read_checkpoint(origin, communicator);
}

io::Reproducibility reproducibility_after(const io::CheckpointState& stored, const Deck& deck) {
    io::Reproducibility after;
    for (const std::string& change : changed_keys(deck, stored.deck)) {
        world_log().warn("the deck differs from that of the checkpoint and overrides it: {}", change);
        after.lose("a restart changed " + change);
    }
    after.lose(stored.reproducibility);
    return after;
}

}  // namespace atnas::app
