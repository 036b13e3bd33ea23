// SPDX-License-Identifier: Apache-2.0
#include "image_attributes.hpp"

#include <cstdint>

#include "block_table.hpp"

namespace atnas::io {
namespace {

/// Only in the bounds of what any image set may be.
constexpr std::int64_t most_channels = 64;
constexpr std::int64_t longest_side = 65536;

int extent(const File& file, const std::string& object, const char* name, std::int64_t most) {
    const std::int64_t value = file.integer_attribute(object, name);
    if (value < 1 || value > most) refuse(file, object + "@" + name, "it is " + std::to_string(value));
    return static_cast<int>(value);
}

}  // namespace

void write_image_shape(File& file, const std::string& object, const space::ImageShape& shape) {
    file.attribute(object, "channels", std::int64_t{shape.channels});
    file.attribute(object, "height", std::int64_t{shape.height});
    file.attribute(object, "width", std::int64_t{shape.width});
}

space::ImageShape read_image_shape(const File& file, const std::string& object) {
    return {extent(file, object, "channels", most_channels), extent(file, object, "height", longest_side),
            extent(file, object, "width", longest_side)};
}

}  // namespace atnas::io
