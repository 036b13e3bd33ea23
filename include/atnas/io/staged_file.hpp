// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A file that is written under a temporary name and appears under its own only when it is whole.

#include <filesystem>
#include <optional>

namespace atnas::io {

/// What a symbolic link under the final name means. The files that a user names are written where they point; those of
/// a run folder take the name itself, whatever is there: a link may lead into the folder of another run.
enum class Links { follow, replace };

/// Owns the temporary file; unless published, the destructor removes it. One process.
class StagedFile {
  public:
    /// Makes the temporary file, empty. \p path: the final name. The temporary name is
    /// .<name>.<six letters or digits>.partial in the same folder, and nobody else's. Throws Error(bad_data): no file
    /// can be made there or, with Links::follow, there is an obstacle (io/destination.hpp).
    explicit StagedFile(const std::filesystem::path& path, Links links = Links::follow);
    ~StagedFile();
    StagedFile(const StagedFile&) = delete;
    StagedFile& operator=(const StagedFile&) = delete;

    /// Where to write.
    const std::filesystem::path& path() const noexcept { return temporary_; }

    /// Flushes the closed file to the disk, gives it the permissions of the file it replaces (Links::follow) if that is
    /// allowed, renames it and flushes the folder. Throws Error(bad_data).
    void publish();

  private:
    std::filesystem::path final_;
    std::filesystem::path temporary_;
    std::optional<std::filesystem::perms> permissions_;  ///< of the file that is replaced
};

/// The name that a temporary file stands for; empty = it is not called like one.
std::filesystem::path staged_name(const std::filesystem::path& temporary);

/// Removes the temporary files of \p path that killed processes left. \pre nobody is writing it
void remove_leftovers(const std::filesystem::path& path);

/// Makes \p link point to \p target, which is relative to the folder of \p link; readers see the old or the new one.
/// Throws Error(bad_data).
void move_link(const std::filesystem::path& link, const std::filesystem::path& target);

}  // namespace atnas::io
