// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What is in a file that atnas wrote: for people as text, for programs as JSON.

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

namespace atnas::app {

/// The same content twice.
struct FileSummary {
    std::string text;  ///< several lines
    nlohmann::json document;
};

/// Knows data sets, checkpoints, networks, predictions and evaluations by their file type. One process. Throws
/// Error(bad_data): missing, not an ATNAS file, of an unknown type, damaged.
FileSummary summary_of_file(const std::filesystem::path& path);

}  // namespace atnas::app
