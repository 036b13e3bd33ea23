// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the user asked for: a command with its options, parsed and checked.

#include <memory>
#include <string>
#include <vector>

#include "atnas/app/commands/command.hpp"

namespace atnas::app {

/// Reads everything on the command line, the deck that it names (on rank 0, which sends it to all), and looks at the
/// files that are to be written. Throws on every rank with all problems found, in deck, options and files alike:
/// Error(bad_data) when there are none but of files, else Error(bad_deck). Collective.
std::unique_ptr<Command> parse_command_line(const std::vector<std::string>& words,
                                            const comm::Communicator& communicator);

}  // namespace atnas::app
