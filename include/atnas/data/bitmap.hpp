// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// One decoded image.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace atnas::data {

/// uint8 samples in [0, 255], [channel][row][column].
struct Bitmap {
    int channels{0};
    int height{0};
    int width{0};
    std::vector<std::uint8_t> samples;
};

/// A file that is larger is no image of a data set.
inline constexpr std::size_t most_image_bytes = std::size_t{512} << 20;

/// Whether \p file starts like a PNG or a JPEG.
bool is_png_or_jpeg(std::span<const std::uint8_t> file) noexcept;

/// Decodes a PNG or JPEG file (by content; 1 to 16 bits, palette, grey, RGB, alpha) to \p channels = 1 (grey: luma of
/// ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B) or 3 (RGB). 16 bits are cut to 8; alpha is laid over white; the
/// orientation in a JPEG's EXIF data is applied; what follows the end of the image does not matter. Throws
/// Error(bad_data) that names \p name for anything else, for damaged (PNG checksums) and cut-off files, CMYK without
/// Adobe's marker, more than 100 million pixels (before memory is taken for them), files of more than most_image_bytes
/// and data that expand to more than the pixels need.
Bitmap decode_bitmap(std::span<const std::uint8_t> file, int channels, const std::string& name);

/// The same image in grey (1; luma as above) or RGB (3; grey three times).
/// \pre both have 1 or 3 channels
Bitmap with_channels(Bitmap bitmap, int channels);

}  // namespace atnas::data
