#pragma once
/// \file
/// The subcommands. Each throws Error for what a user can set right, and is collective over \p communicator.

#include <exception>
#include <functional>

#include "atnas/app/commands/command_line.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/core/error.hpp"

namespace atnas::app {

/// Thrown once people know: nothing is left but to end with this code.
struct Reported {
    ExitCode code;
};
/// Tells people of an error and ends the job, unless all ranks came to fail; then throws Reported.
using Failure = std::function<void(const std::exception_ptr& error)>;

/// \pre line.request holds the options of the subcommand
/// \param failure for errors of the run itself: called while all that the run consists of is still there, since the end
/// of that may wait for other ranks
ExitCode run_search(const CommandLine& line, const comm::Communicator& communicator, const Failure& failure);
ExitCode run_evaluate(const CommandLine& line, const comm::Communicator& communicator);
ExitCode run_bench(const CommandLine& line, const comm::Communicator& communicator);
/// Rank 0 works, the outcome is everybody's.
ExitCode run_import(const CommandLine& line, const comm::Communicator& communicator);
ExitCode run_info(const CommandLine& line, const comm::Communicator& communicator);
/// The GPUs that rank 0 sees.
ExitCode run_devices(const CommandLine& line, const comm::Communicator& communicator);

}  // namespace atnas::app
