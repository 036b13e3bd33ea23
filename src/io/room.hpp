// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Whether a file can be written before anybody starts to, and its space while it is.

#include <cstdint>
#include <filesystem>

namespace atnas::io {

/// Makes the file if it is not there. Throws Error(bad_data): folder missing or not writable.
void expect_writable(const std::filesystem::path& path);

/// Throws Error(bad_data) when this process may not write files of that size (ulimit -f).
void expect_allowed(const std::filesystem::path& path, std::uint64_t bytes);

/// Throws Error(bad_data), and removes the file if it is empty, when the disk or a quota has no room for that many
/// bytes. Where the file system cannot reserve space the proof is to write them. Keeps nothing aside. \pre the file is
/// there
void expect_room(const std::filesystem::path& path, std::uint64_t bytes);

/// Sets the space aside without changing the file's size; does nothing where the file system cannot.
void reserve(const std::filesystem::path& path, std::uint64_t bytes) noexcept;

/// Gives back what was set aside beyond the end of the file.
void trim(const std::filesystem::path& path) noexcept;

}  // namespace atnas::io
