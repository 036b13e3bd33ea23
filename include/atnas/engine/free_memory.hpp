// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How much memory there still is: of the machine, and of the job that this process belongs to.

#include <filesystem>
#include <optional>

namespace atnas::engine {

/// Bytes that processes can still have: of this machine (/proc/meminfo) or, where that is less, below the memory limits
/// of the control groups that this process is in, versions 1 and 2, as batch systems and containers set them.
/// Nothing where the system says nothing. \p root: where /proc and /sys are looked for.
std::optional<double> free_memory(const std::filesystem::path& root = "/");

}  // namespace atnas::engine
