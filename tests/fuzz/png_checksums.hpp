// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Right checksums for a PNG that was mutated, without which no reader would look at it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace atnas::fuzz {

inline std::uint32_t crc32(std::span<const std::uint8_t> bytes) noexcept {
    std::uint32_t value = 0xFFFFFFFFU;
    for (const std::uint8_t byte : bytes) {
        value ^= byte;
        for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? 0xEDB88320U ^ value >> 1 : value >> 1;
    }
    return ~value;
}

/// Sets the checksum of every chunk that is whole.
inline void repair_png(std::span<std::uint8_t> file) noexcept {
    constexpr std::size_t magic = 8;
    std::size_t at = magic;
    while (at + 12 <= file.size()) {
        const std::size_t length = std::size_t{file[at]} << 24 | std::size_t{file[at + 1]} << 16 |
                                   std::size_t{file[at + 2]} << 8 | file[at + 3];
        if (length > file.size() - at - 12) return;
        const std::uint32_t sum = crc32(file.subspan(at + 4, length + 4));
        for (std::size_t i = 0; i < 4; ++i)
            file[at + 8 + length + i] = static_cast<std::uint8_t>(sum >> (8 * (3 - i)) & 0xFFU);
        at += length + 12;
    }
}

}  // namespace atnas::fuzz
