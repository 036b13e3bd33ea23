// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Samples as files have them, as networks take them.

#include <cstdint>
#include <span>
#include <vector>

namespace atnas::data {

/// Appends every sample as a value in [0, 1].
void append_values(std::span<const std::uint8_t> samples, std::vector<float>& values);

/// Mean value of samples: 0 = black, 1 = white. \pre there is one
double brightness(std::span<const std::uint8_t> samples);

}  // namespace atnas::data
