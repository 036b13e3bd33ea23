// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The checksum of PNG and gzip.

#include <cstdint>
#include <span>

namespace atnas::data {

/// CRC-32 (ISO 3309) of \p bytes, or of what \p before is the sum of, followed by them.
std::uint32_t crc32(std::span<const std::uint8_t> bytes, std::uint32_t before = 0) noexcept;

}  // namespace atnas::data
