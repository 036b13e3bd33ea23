// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/jpeg_structure.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "atnas/data/exif_orientation.hpp"

namespace atnas::data {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t end_of_image = 0xD9;
constexpr std::uint8_t app1 = 0xE1;
constexpr std::uint8_t app14 = 0xEE;

bool starts_with(Bytes bytes, std::string_view text) noexcept {
    return bytes.size() >= text.size() &&
           std::equal(text.begin(), text.end(), bytes.begin(),
                      [](char letter, std::uint8_t byte) { return static_cast<std::uint8_t>(letter) == byte; });
}

/// Start of frame: C0 .. CF but DHT, JPG and DAC.
bool is_frame(std::uint8_t marker) noexcept {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/// Markers without a segment: TEM, restart and start of image.
bool stands_alone(std::uint8_t marker) noexcept {
    return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

void take_segment(std::uint8_t marker, Bytes payload, JpegStructure& found) noexcept {
    constexpr std::string_view exif{"Exif\0\0", 6};
    constexpr std::size_t components_at = 5;  // after precision, height and width
    if (is_frame(marker) && payload.size() > components_at) found.components = payload[components_at];
    if (marker == app14 && starts_with(payload, "Adobe")) found.adobe = true;
    if (marker == app1 && starts_with(payload, exif))
        found.orientation = exif_orientation(payload.subspan(exif.size()));
}

}  // namespace

JpegStructure read_jpeg_structure(Bytes file) noexcept {
    JpegStructure found;
    std::size_t at = 0;
    while (true) {
        // Coded data follow a start of scan up to the next marker; in them 0xFF is followed by 0.
        while (at + 1 < file.size() && (file[at] != 0xFF || file[at + 1] == 0 || file[at + 1] == 0xFF)) ++at;
        if (at + 1 >= file.size()) return found;
        const std::uint8_t marker = file[at + 1];
        at += 2;
        if (marker == end_of_image) {
            found.complete = true;
            return found;
        }
        if (stands_alone(marker)) continue;
        if (file.size() - at < 2) return found;
        const std::size_t length = std::size_t{file[at]} << 8 | file[at + 1];
        if (length < 2 || length > file.size() - at) return found;
        take_segment(marker, file.subspan(at + 2, length - 2), found);
        at += length;
    }
}

}  // namespace atnas::data
