// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The folder of a run: made if need be, and one run's at a time.

#include <filesystem>
#include <string>
#include <vector>

#include "atnas/core/error.hpp"
#include "atnas/io/lock_file.hpp"

namespace atnas::io {

/// Makes a folder and those above it. The destructor removes those that it made and that are empty. One process.
class MadeFolder {
  public:
    /// Throws Error(bad_data) with \p what as the problem.
    MadeFolder(const std::filesystem::path& folder, const std::string& what);
    ~MadeFolder();
    MadeFolder(const MadeFolder&) = delete;
    MadeFolder& operator=(const MadeFolder&) = delete;

  private:
    std::vector<std::filesystem::path> made_;  ///< the deepest first
};

/// Keeps run.folder from other runs as long as it lives. One process (rank 0).
class RunFolder {
  public:
    /// Makes the folder. Throws Error(bad_data) when that cannot be done, Error(stopped) when another run has it: a
    /// later try may succeed.
    explicit RunFolder(const std::filesystem::path& folder, const Patience& patience = {});

  private:
    MadeFolder made_;
    LockFile lock_;
};

/// What forbids a run there, whoever has the folder. Changes nothing. One process.
std::vector<Problem> run_folder_problems(const std::filesystem::path& folder);

/// The run that has the folder (io/lock_file.hpp); empty = none. One process.
std::string user_of_run_folder(const std::filesystem::path& folder);

/// Where the progress of a run goes.
std::filesystem::path metrics_path(const std::filesystem::path& folder);

}  // namespace atnas::io
