#pragma once
/// \file
/// Files inside an archive, one after the other.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

struct archive;
struct archive_entry;

namespace atnas::data {

/// Reads zip, 7zip and tar, the latter plain or compressed (gzip, bzip2, xz, lzma, zstd), recognised by content.
/// Everything throws Error(bad_data) that names the archive when it is missing, unknown, damaged or cut off.
class ArchiveReader {
  public:
    explicit ArchiveReader(const std::filesystem::path& path);

    /// Goes to the next regular file; false after the last.
    bool next();
    /// Path of the current file inside the archive.
    const std::string& name() const noexcept { return name_; }
    /// Contents of the current file; empty when only this file is damaged (see damage()) and the next can still be
    /// read. \pre next() returned true; called at most once per file
    std::vector<std::uint8_t> read();
    /// Why read() found the current file damaged, e.g. a wrong checksum; empty when it did not.
    const std::string& damage() const noexcept { return damage_; }

  private:
    struct Close {
        void operator()(archive* handle) const noexcept;
    };
    void succeed_or_throw(int status);
    void check_end() const;

    std::filesystem::path path_;
    std::unique_ptr<archive, Close> archive_;
    archive_entry* entry_{nullptr};  ///< owned by archive_
    std::string name_;
    std::string damage_;
};

}  // namespace atnas::data
