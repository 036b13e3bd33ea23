// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Live progress beside the checkpoint: metrics.jsonl, one JSON object per line, safe to tail.

#include <cstdio>
#include <filesystem>
#include <memory>

#include <nlohmann/json_fwd.hpp>

#include "atnas/io/staged_file.hpp"

namespace atnas::io {

enum class OpenMode { fresh, append };

/// Whole lines only: each is written with one call and flushed. One process (rank 0).
class MetricsFile {
  public:
    /// Throws Error(bad_data) when the file cannot be opened.
    MetricsFile(const std::filesystem::path& path, OpenMode mode);
    /// Throws Error(bad_data) when the line cannot be written (disk full).
    void append(const nlohmann::json& line);

  private:
    struct Closer {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    std::filesystem::path path_;
    std::unique_ptr<std::FILE, Closer> file_;
};

/// Writes \p document to \p path, atomically (io/staged_file.hpp). For --json=PATH of every subcommand, and
/// with Links::replace for files of a run folder. Throws Error(bad_data).
void write_json(const std::filesystem::path& path, const nlohmann::json& document, Links links = Links::follow);

}  // namespace atnas::io
