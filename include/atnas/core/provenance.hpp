// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Who made a file: program version, build, host, time. Excluded from comparisons of results.

#include <string>
#include <utility>
#include <vector>

namespace atnas {

std::string version();    ///< e.g. "0.1.0"
std::string host_name();  ///< of this machine
std::string user_name();  ///< whose process this is; a number where it has no name
std::string utc_now();    ///< ISO 8601, to the second

/// Names and values, in a fixed order: version, git revision, compiler, build type, host, user, started (UTC, ISO
/// 8601), command line, ranks.
using Provenance = std::vector<std::pair<std::string, std::string>>;
Provenance make_provenance(const std::vector<std::string>& command_line, int ranks);

}  // namespace atnas
