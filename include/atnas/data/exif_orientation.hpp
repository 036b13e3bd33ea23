// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Cameras store pictures as the sensor saw them and note in EXIF how they are to be turned.

#include <cstdint>
#include <span>

#include "atnas/data/bitmap.hpp"

namespace atnas::data {

/// The orientation, 1 .. 8, in the first directory of \p tiff, the TIFF data of an EXIF segment; 1 (upright) where
/// there is none or the data are damaged.
int exif_orientation(std::span<const std::uint8_t> tiff) noexcept;

/// \p bitmap as it is meant to be seen. 2: mirrored left to right; 3: turned by 180 degrees; 4: mirrored top to bottom;
/// 5: rows and columns exchanged; 6: to be turned by 90 degrees clockwise; 7: exchanged across the other diagonal;
/// 8: to be turned by 90 degrees anticlockwise. \pre 1 <= orientation <= 8
Bitmap upright(Bitmap bitmap, int orientation);

}  // namespace atnas::data
