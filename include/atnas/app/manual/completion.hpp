// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Completion of command lines in bash, made from the tables of options and of deck keys.

#include <string>

namespace atnas::app {

/// A script for bash to source: it completes subcommands, options, deck keys of the command (a section at first), the
/// values of those that have a list of them, and paths.
std::string bash_completion();

}  // namespace atnas::app
