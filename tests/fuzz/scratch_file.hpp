// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Bytes as a file with a path, in memory.

#include <cstdint>
#include <filesystem>
#include <span>

namespace atnas::fuzz {

/// A file that lives as long as the object and never touches a disk.
class ScratchFile {
  public:
    ScratchFile();
    ~ScratchFile();
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;

    /// Good for opening, reading and writing; not for renaming.
    const std::filesystem::path& path() const noexcept { return path_; }
    /// Makes these the whole contents.
    void assign(std::span<const std::uint8_t> bytes);

  private:
    int descriptor_;
    std::filesystem::path path_;
};

}  // namespace atnas::fuzz
