// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What kind of file of ours an HDF5 file is, and whether it was written to its end. Described in analysis/FORMAT.md.

#include <cstdint>
#include <filesystem>
#include <string>

#include "atnas/core/error.hpp"
#include "atnas/core/provenance.hpp"
#include "atnas/io/hdf5.hpp"

namespace atnas::io {

/// The version grows with every change that a reader of the former would misunderstand.
struct FileType {
    const char* name;
    std::int64_t version;
};

inline constexpr FileType checkpoint_type{"atnas-checkpoint", 5};
inline constexpr FileType data_set_type{"atnas-data", 1};
inline constexpr FileType evaluation_type{"atnas-evaluation", 1};
inline constexpr FileType network_type{"atnas-network", 1};
inline constexpr FileType predictions_type{"atnas-predictions", 1};

/// A file of ours that is of another version than this program knows: not damaged, and worth keeping.
struct UnknownVersion : Error {
    using Error::Error;
};

/// Attributes atnas.filetype and atnas.version of "/". The first thing to write.
void write_type(File& file, FileType type);

/// Attribute complete = 1 of "/". The last thing to write.
void write_completion(File& file);

/// Array /contents with all lines, attribute digest of "/" with the digest of them. Not noted themselves.
void write_contents(File& file, const Contents& contents);

/// The digest of all contents, as text. Throws Error(bad_data) naming the objects when \p found, noted while reading
/// the file, is not what was written.
std::string expect_contents(File& file, const Contents& found);

/// Attributes of /provenance; the last one, digest, is that of the others.
void write_provenance(File& file, const Provenance& provenance);
/// Throws Error(bad_data) when the digest does not fit. Without one (files of a former version) it is not checked.
Provenance read_provenance(File& file);

/// Name of the type, e.g. "atnas-checkpoint"; "" when the file is not one of ours.
std::string type_name(const File& file);

/// Whether it is a file of ours of this type, of whatever version; false for what is not there or of no such format.
/// One process.
bool has_type(const std::filesystem::path& path, FileType type);

/// Throws UnknownVersion(bad_data), or Error(bad_data): of another type, or not written to its end.
void expect_type(const File& file, FileType type);

}  // namespace atnas::io
