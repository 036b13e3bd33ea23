// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/crc32.hpp"

#include <array>

namespace atnas::data {
namespace {

constexpr std::array<std::uint32_t, 256> make_table() noexcept {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t n = 0; n < table.size(); ++n) {
        std::uint32_t value = n;
        for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? 0xEDB88320U ^ value >> 1 : value >> 1;
        table[n] = value;
    }
    return table;
}

}  // namespace

std::uint32_t crc32(std::span<const std::uint8_t> bytes, std::uint32_t before) noexcept {
    static constexpr auto table = make_table();
    std::uint32_t value = ~before;
    for (const std::uint8_t byte : bytes) value = table[(value ^ byte) & 0xFFU] ^ value >> 8;
    return ~value;
}

}  // namespace atnas::data
