#pragma once
/// \file
/// What each subcommand writes and reads: known before it begins, so that no output replaces an input or comes to
/// nothing after the work.

#include <vector>

#include "atnas/app/commands/command_line.hpp"
#include "atnas/core/error.hpp"
#include "atnas/io/destination.hpp"
#include "atnas/io/lock_file.hpp"

namespace atnas::app {

/// The files that the options name; none for a dry run.
std::vector<io::Destination> outputs_of(const CommandLine::Request& request);

/// All that forbids to write them, the run folder and the folder of a benchmark. One process.
std::vector<Problem> output_problems(const CommandLine::Request& request);

/// What is wrong with the outputs of an evaluation once its checkpoint has named the data set. One process.
std::vector<Problem> output_problems(const EvaluateOptions& options, const DataOptions& data);

/// Keeps the outputs from other processes, on rank 0, as long as the result lives. Throws Error(bad_data) on every
/// rank. Collective. \pre their folders are there
std::vector<io::LockFile> hold_outputs(const CommandLine::Request& request, const comm::Communicator& communicator);

}  // namespace atnas::app
