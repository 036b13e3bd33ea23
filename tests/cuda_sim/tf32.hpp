// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The precision of the matrix units of a device.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace cuda_sim {

/// What the matrix units make of a float: 10 bits of mantissa, rounded.
inline std::vector<float> rounded_to_tf32(const float* values, std::size_t count) {
    std::vector<float> rounded(values, values + count);
    for (float& value : rounded) {
        std::uint32_t bits = 0;
        std::memcpy(&bits, &value, sizeof bits);
        constexpr std::uint32_t exponent = 0x7f800000u;
        if ((bits & exponent) == exponent) continue;
        bits = (bits + 0x1000u) & ~0x1fffu;
        std::memcpy(&value, &bits, sizeof bits);
    }
    return rounded;
}

}  // namespace cuda_sim
