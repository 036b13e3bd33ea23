// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A table of files and labels -> ImageSet.

#include <filesystem>

#include "atnas/data/image_set.hpp"
#include "atnas/data/import_images.hpp"

namespace atnas::data {

/// Reads a CSV file (csv.hpp): the first column of a line names an image (PNG or JPEG, by content; relative to the
/// folder of the CSV), the second its class; more columns are passed over. The first line is a header where its first
/// field neither names a file nor ends as images do, and its second is no other line's. Order of classes and, in a
/// class, of images is by name; an image's name is that in the CSV; the only group is "all". Throws Error(bad_data):
/// CSV missing, not readable or without images, and, unless bad_images == skip, with a line for each line of the CSV
/// that cannot be taken: no second column, an empty name or label, an image named twice, missing, corrupt, of another
/// format. Error(bad_deck): size or channels.
ImageSet import_list(const std::filesystem::path& list, const ImportOptions& options, ImportReport& report);

}  // namespace atnas::data
