// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Images to be told apart, by their names; whether they have labels or not.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "atnas/data/image_set.hpp"
#include "atnas/data/import_images.hpp"

namespace atnas::data {

/// In the order of their source.
struct NamedImages {
    space::ImageShape shape{};
    std::vector<std::uint8_t> pixels;  ///< [n, channels, height, width]
    std::vector<std::string> names;    ///< [n]
    std::vector<std::string> labels;   ///< [n]; "" where the source says none
    std::string digest;                ///< of the content of the data set they are of; empty = of none

    std::size_t count() const noexcept { return names.size(); }
};

/// From an archive or a folder of any depth, in order of names, or a single image. What is read, passed over and
/// refused is that of import_images(), but for images in no folder, which are taken as well. An image's label is what
/// an import of the same source would call its class: its folders below those that all images share. Throws
/// Error(bad_data) and Error(bad_deck) as import_images() does.
NamedImages read_named_images(const std::filesystem::path& source, const ImportOptions& options, ImportReport& report);

/// Those of a set, brought to the size, channels and colours of \p options; labels are its classes. Images without
/// names are called by their numbers in the set, from 0. \pre the set is valid and has 1 or 3 channels
NamedImages named_images(const ImageSet& images, const ImportOptions& options);

}  // namespace atnas::data
