// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Whether the ranks were started as the batch system meant it.

#include <functional>
#include <optional>
#include <string>

#include "atnas/core/error.hpp"

namespace atnas::app {

/// Value of an environment variable; null when it is not set, as from std::getenv.
using Environment = std::function<const char*(const char* name)>;

/// What is wrong when this process is rank 0 of a world of \p ranks: under Slurm a launcher that does not speak to MPI
/// starts many worlds of one rank, which would all do the same work and write the same files.
std::optional<Problem> launcher_problem(int ranks, const Environment& environment);

}  // namespace atnas::app
