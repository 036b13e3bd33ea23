// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Keeps a second process from writing what this one writes.

#include <chrono>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "atnas/core/error.hpp"
#include "atnas/io/destination.hpp"

namespace atnas::io {

/// How long to wait for the holder of a lock: that of a machine that is gone lasts until the file server gives it up.
struct Patience {
    std::chrono::milliseconds longest{0};
    std::function<bool()> cut_short{};  ///< asked now and then; empty = never
};

/// An exclusive lock on a file that says who holds it. The lock is the operating system's and ends with the process,
/// however that ends; the file is removed at the end if it can be, and what a killed process leaves of it means
/// nothing. Its permissions are those that the folder gives to others. On a network file system the lock holds for all
/// machines where the system sees to that. Where there are no locks (ENOLCK, ENOSYS, ...) a warning says so and nothing
/// is kept from anybody. One process.
class LockFile {
  public:
    /// \p path: of the lock file. \p what: what it stands for, for messages. Throws Error(\p code) with the holder's
    /// host, process, user and start when somebody has it and keeps it, Error(bad_data) when the file cannot be made.
    /// Waiting says so once.
    LockFile(std::filesystem::path path, const std::string& what, ExitCode code, const Patience& patience = {});
    ~LockFile();
    LockFile(LockFile&& other) noexcept;
    LockFile& operator=(LockFile&&) = delete;

    /// Whether others are kept out: false where there are no locks.
    bool keeps_others_out() const noexcept { return locked_; }

  private:
    std::filesystem::path path_;
    int file_;
    bool locked_{false};
};

/// Who holds the lock file: "process 12 of alice on node7 since 2026-01-31T12:00:00Z"; empty = nobody, as far as is
/// known. Takes nothing. One process.
std::string holder_of(const std::filesystem::path& path);

/// Locks \p outputs, whose folders must be there, and removes what killed writers of them left; where there are
/// no locks that may be a living one's and stays. Throws Error(bad_data) when another process is writing one. One
/// process.
std::vector<LockFile> hold(std::span<const Destination> outputs);

}  // namespace atnas::io
