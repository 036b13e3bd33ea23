// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Images and labels in two IDX files, as MNIST has them -> ImageSet.

#include <filesystem>
#include <string>
#include <vector>

#include "atnas/data/image_set.hpp"
#include "atnas/data/import_images.hpp"
#include "atnas/data/named_images.hpp"

namespace atnas::data {

struct IdxSource {
    std::filesystem::path images;  ///< [n, height, width], [n, channels, height, width] or [n, height, width, channels]
    std::filesystem::path labels;  ///< [n]
};

/// Reads both (idx_file.hpp). With four axes the second is the channels where it is 1 or 3, else the last where that is
/// 1 or 3. A class is a label that an image has, in the order of labels; its name is the label's number, or the entry
/// of \p class_names where there are any. Within a class images keep their order; an image's name is its number in the
/// file, from 0. The only group is "all". In \p options a height, width or number of channels of 0 is that of the
/// files; bad_images does not matter. Throws Error(bad_data): what read_idx() throws; not so many axes; sides above
/// 4096 pixels; other numbers of images than of labels; class names that are too few, or of which one has no image.
/// Error(bad_deck): size or channels.
ImageSet import_idx(const IdxSource& source, const ImportOptions& options, const std::vector<std::string>& class_names,
                    ImportReport& report);

/// The images alone, without labels. Throws as import_idx() does.
NamedImages read_idx_images(const std::filesystem::path& images, const ImportOptions& options);

}  // namespace atnas::data
