// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Where an import finds its files.

#include <filesystem>

#include "atnas/data/image_collector.hpp"

namespace atnas::data {

/// Gives every file of an archive to \p collector. Throws Error(bad_data) when the archive as a whole cannot be read.
void collect_archive(const std::filesystem::path& source, ImageCollector& collector);

/// The same for a folder and all below it. Links to files and to folders are followed. Throws
/// std::filesystem::filesystem_error, with the path, for a folder that cannot be read.
void collect_folder(const std::filesystem::path& source, ImageCollector& collector);

/// Whichever of the two it is. Throws Error(bad_data) for all of these.
void collect_images(const std::filesystem::path& source, ImageCollector& collector);

}  // namespace atnas::data
