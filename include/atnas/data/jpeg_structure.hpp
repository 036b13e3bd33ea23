// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the segments of a JPEG file say, without decoding it.

#include <cstdint>
#include <span>

namespace atnas::data {

struct JpegStructure {
    int components{0};     ///< of a pixel: 1 = grey, 3 = YCbCr, 4 = CMYK or YCCK; 0 = the file does not say
    bool adobe{false};     ///< Adobe's marker is there, which tells how four components are meant
    int orientation{1};    ///< of EXIF, see upright()
    bool complete{false};  ///< the end mark was found; what follows it does not matter
};

/// Reads the segments of \p file, whatever it holds; stops where they end.
JpegStructure read_jpeg_structure(std::span<const std::uint8_t> file) noexcept;

}  // namespace atnas::data
