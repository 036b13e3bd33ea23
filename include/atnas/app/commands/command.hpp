// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A subcommand: its options, the files it reads and writes, and what it does. One class a file, one row in
/// command_registry.cpp.

#include <exception>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "atnas/app/deck/option_table.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/core/error.hpp"
#include "atnas/io/destination.hpp"
#include "atnas/io/lock_file.hpp"

namespace atnas::app {

/// Thrown once people know: nothing is left but to end with this code.
struct Reported {
    ExitCode code;
};
/// Tells people of an error and ends the job, unless all ranks came to fail; then throws Reported.
using Failure = std::function<void(const std::exception_ptr& error)>;

/// What a command runs with.
struct Invocation {
    const comm::Communicator& communicator;
    std::vector<std::string> words;  ///< the whole command line, the program's name first; for provenance
    /// For errors of a run itself: called while all that the run consists of is still there, since the end of that may
    /// wait for other ranks.
    Failure failure{};
};

/// Files that a command's options name.
struct CommandFiles {
    std::vector<io::Destination> outputs{};
    std::vector<io::Origin> inputs{};
    std::filesystem::path coming{};  ///< a folder that is made before anything is written; empty = none
};

class Command {
  public:
    virtual ~Command() = default;

    /// The options, bound to this object: reading them sets them here.
    virtual OptionTable table() = 0;
    /// What is left to do once the options are read: \p keys are the deck keys among them. Appends what is wrong to
    /// \p problems. Collective.
    virtual void complete(std::vector<Assignment> keys, std::vector<Problem>& problems,
                          const comm::Communicator& communicator);
    virtual CommandFiles files() const = 0;
    /// All that forbids to write the outputs; by default what files() shows. One process.
    virtual std::vector<Problem> output_problems() const;
    /// Whether files() follows from options that have problems.
    virtual bool files_follow_from_deck() const { return false; }
    /// Throws Error for what a user can set right. Collective.
    virtual ExitCode run(const Invocation& invocation) = 0;
};

/// Those outputs that were given.
std::vector<io::Destination> given(std::initializer_list<io::Destination> outputs);

/// Keeps the outputs of \p command from other processes, on rank 0, as long as the result lives. Throws Error(bad_data)
/// on every rank. Collective. \pre their folders are there
std::vector<io::LockFile> hold_outputs(const Command& command, const comm::Communicator& communicator);

}  // namespace atnas::app
