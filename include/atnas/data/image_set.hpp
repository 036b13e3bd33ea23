// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Images in memory, indexed by class. What an importer makes, a file holds and episodes are drawn from.

#include <cstdint>
#include <string>
#include <vector>

#include "atnas/space/network_options.hpp"

namespace atnas::data {

/// Images of equal shape, uint8 in [0, 255], [image][channel][row][column]. Classes are contiguous: images of class c
/// are first_of_class[c] .. first_of_class[c+1]-1. Validated by validate(); plain data otherwise.
struct ImageSet {
    space::ImageShape shape{};
    std::vector<std::uint8_t> pixels;
    std::vector<std::int64_t> first_of_class;  ///< size classes + 1
    std::vector<std::string> class_names;      ///< unique, e.g. "Greek/character01"
    std::vector<std::int32_t> group_of_class;  ///< index into group_names
    std::vector<std::string> group_names;
    std::vector<std::string> image_names;  ///< path inside the archive; empty for synthetic sets
    std::string source;                    ///< provenance: archive or program the images came from

    int classes() const noexcept { return static_cast<int>(class_names.size()); }
    std::int64_t images() const noexcept { return first_of_class.empty() ? 0 : first_of_class.back(); }
    std::size_t image_size() const noexcept {
        return static_cast<std::size_t>(shape.channels) * static_cast<std::size_t>(shape.height) *
               static_cast<std::size_t>(shape.width);
    }
    /// Throws Error(bad_data) that names everything that does not fit together: shape, number of pixels, class ranges
    /// (every class has an image), groups, names.
    void validate() const;
};

}  // namespace atnas::data
