// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Two loggers: one for the world, of which only rank 0 prints, and one for this rank, to be used sparingly.

#include <spdlog/logger.h>

namespace atnas {

enum class LogRole { speaker, silent };  ///< whether this rank's world logger prints

/// Prints on rank 0 only. Every rank may call it; before set_log_role() everybody speaks.
spdlog::logger& world_log();
/// Prints on the calling rank, with "rank N" in front once the rank is known.
spdlog::logger& local_log();

/// Called once, when the rank is known.
void set_log_role(LogRole role, int rank);

}  // namespace atnas
