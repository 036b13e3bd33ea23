// SPDX-License-Identifier: Apache-2.0
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

enum class MemberKind { file, link, special };  ///< link: symbolic or hard; special: device, pipe, ...

/// Reads zip, 7zip and tar, the latter plain or compressed (gzip, bzip2, xz, lzma, zstd), recognised by content.
/// Everything throws Error(bad_data) that names the archive when it is missing, unknown, damaged or cut off.
class ArchiveReader {
  public:
    explicit ArchiveReader(const std::filesystem::path& path);

    /// Goes to the next member that is no folder; false after the last.
    bool next();
    MemberKind kind() const noexcept { return kind_; }
    /// Path of the current member inside the archive: UTF-8 where the archive says which characters it holds, whatever
    /// the locale of the program; the bytes as stored where it does not; empty where they are not what it says.
    const std::string& name() const noexcept { return name_; }
    /// Where a link leads, as stored; empty for other kinds.
    const std::string& target() const noexcept { return target_; }
    /// Contents of the current file; empty when only this file cannot be read (see damage()) and the next can still be.
    /// \pre next() returned true; called at most once per file
    /// \param most bytes; a file that turns out to be larger counts as damaged
    std::vector<std::uint8_t> read(std::size_t most);
    /// Why read() could not give the current file, e.g. a wrong checksum; empty when it could.
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
    MemberKind kind_{MemberKind::file};
    std::string name_;
    std::string target_;
    std::string damage_;
};

}  // namespace atnas::data
