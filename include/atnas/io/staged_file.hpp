#pragma once
/// \file
/// A file that is written under a temporary name and appears under its own only when it is whole.

#include <filesystem>
#include <optional>

namespace atnas::io {

/// Owns the temporary file; unless published, the destructor removes it. One process.
class StagedFile {
  public:
    /// Makes the temporary file, empty. \p path: the final name; of a link it is the target that is replaced. The
    /// temporary name is .<name>.<six letters or digits>.partial in the same folder, and nobody else's. Throws
    /// Error(bad_data): no file can be written there (io/destination.hpp).
    explicit StagedFile(const std::filesystem::path& path);
    ~StagedFile();
    StagedFile(const StagedFile&) = delete;
    StagedFile& operator=(const StagedFile&) = delete;

    /// Where to write.
    const std::filesystem::path& path() const noexcept { return temporary_; }

    /// Flushes the closed file to the disk, gives it the permissions of the file it replaces, renames it and flushes
    /// the folder. Throws Error(bad_data).
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
