#pragma once
/// \file
/// A file that is written under a temporary name and appears under its own only when it is whole.

#include <filesystem>

namespace atnas::io {

/// Owns the temporary file; unless published, the destructor removes it. One process.
class StagedFile {
  public:
    /// \p path: the final name. The temporary one is .<name>.partial in the same folder.
    explicit StagedFile(std::filesystem::path path);
    ~StagedFile();
    StagedFile(const StagedFile&) = delete;
    StagedFile& operator=(const StagedFile&) = delete;

    /// Where to write.
    const std::filesystem::path& path() const noexcept { return temporary_; }

    /// Flushes the closed file to the disk, renames it and flushes the folder. Throws Error(bad_data).
    void publish();

  private:
    std::filesystem::path final_;
    std::filesystem::path temporary_;
};

/// The temporary name that stands for \p path.
std::filesystem::path temporary_name(const std::filesystem::path& path);

/// Makes \p link point to \p target, which is relative to the folder of \p link; readers see the old or the new one.
/// Throws Error(bad_data).
void move_link(const std::filesystem::path& link, const std::filesystem::path& target);

}  // namespace atnas::io
