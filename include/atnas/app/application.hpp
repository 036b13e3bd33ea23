// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The program between main() and the subcommands.

#include <string>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/core/error.hpp"

namespace atnas::app {

/// Parses \p words, runs the subcommand and reports errors: one line "error: ..." per problem on standard error of rank
/// 0. Returns the code of the process. When only some ranks failed, those print and end the whole job (contract 3: no
/// rank waits for a dead one). Never throws. Collective.
ExitCode run_application(const std::vector<std::string>& words, const comm::Communicator& communicator) noexcept;

}  // namespace atnas::app
