// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The list of subcommands.

#include <memory>
#include <span>
#include <string>

#include "atnas/app/commands/command.hpp"

namespace atnas::app {

struct CommandRow {
    std::string name;
    std::string summary;  ///< for the list in `atnas --help`
    std::unique_ptr<Command> (*make)();
};

/// The options of a command, with its name; they refer to the command.
OptionTable table_of(const CommandRow& row, Command& command);

/// In the order in which people are told of them.
std::span<const CommandRow> command_registry();

}  // namespace atnas::app
