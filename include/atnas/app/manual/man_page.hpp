// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Manual pages (section 1), made from the tables of options.

#include <string>

#include "atnas/app/deck/option_table.hpp"

namespace atnas::app {

/// atnas(1): the subcommands and exit codes.
std::string program_page();

/// atnas-COMMAND(1): the options of one of them.
std::string command_page(const OptionTable& table);

}  // namespace atnas::app
