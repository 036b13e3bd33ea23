// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Files that a command is to write: looked at before any work, so that no input is replaced and no work is lost.

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "atnas/core/error.hpp"

namespace atnas::io {

/// A file to be written, and the option that names it ("--output").
struct Destination {
    std::string option;
    std::filesystem::path path;
};

/// A file or folder that is read, and what it is ("the source").
struct Origin {
    std::string what;
    std::filesystem::path path;
    /// Of a folder: whether a file that is in it, or that a link in it leads to, may be read.
    bool (*reads)(const std::filesystem::path&) = [](const std::filesystem::path&) { return true; };
};

/// The folder in which \p path names something; "." for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& path);

/// The file that \p path stands for: links are followed, also to what is not there.
std::filesystem::path target_of(const std::filesystem::path& path);

/// Why no file can be written at \p path; empty = nothing speaks against it. What counts is the target of a link.
/// Refused are folders, devices, FIFOs, sockets, the standard streams, a folder that is missing or not to be written
/// to, names that leave no room for that of a temporary file, files of others in a sticky folder, and files that this
/// process may not write or that nobody may: root could, but a file without any write bit was made so on purpose.
/// Leaves nothing behind. One process.
std::string obstacle(const std::filesystem::path& path);

/// Why no files can be made in \p folder, which need not be there, nor those above it; empty = nothing speaks against
/// it. Leaves nothing behind. One process.
std::string folder_obstacle(const std::filesystem::path& folder);

/// All that is wrong with writing \p outputs: their obstacles, and those that are one of the \p inputs or named twice,
/// under whatever name. What does not exist yet is no file of a folder that is read. \p coming: a folder that is made
/// before anything is written; empty = none. One process.
std::vector<Problem> destination_problems(std::span<const Destination> outputs, std::span<const Origin> inputs,
                                          const std::filesystem::path& coming = {});

}  // namespace atnas::io
