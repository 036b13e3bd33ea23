// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A check of JPEG files that stb_image leaves out before version 2.28.

#include <cstdint>
#include <span>

namespace atnas::data {

/// Whether the JPEG \p file has the tables that its scans are read with, and a scan for every component, and no Huffman
/// table claims more than the 256 codes there can be. Older releases of stb_image write beyond their memory where one
/// claims more, and read memory that nobody set where one is missing. Looks where a decoder does; what is damaged
/// otherwise passes.
bool has_possible_jpeg_tables(std::span<const std::uint8_t> file);

}  // namespace atnas::data
