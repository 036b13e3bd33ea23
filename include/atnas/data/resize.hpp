// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Resampling of images.

#include "atnas/data/bitmap.hpp"

namespace atnas::data {

/// area: mean over the part of the source that an output pixel covers, fractions of pixels included.
/// lanczos: windowed sinc of three lobes, widened by the ratio of sizes when shrinking; sharper, may ring.
enum class Resample { area, lanczos };

/// Both filters are separable; weights that fall outside of the image are left out and the others scaled to sum 1.
/// \pre height, width > 0 and the bitmap is not empty
Bitmap resize(const Bitmap& bitmap, int height, int width, Resample resample);

}  // namespace atnas::data
