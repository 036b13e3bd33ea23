#pragma once
/// \file
/// A check of JPEG files that stb_image leaves out before version 2.28.

#include <cstdint>
#include <span>

namespace atnas::data {

/// Whether no Huffman table of the JPEG \p file claims more than the 256 codes there can be. Older releases of
/// stb_image write beyond their memory when one does. Looks where a decoder does; what is damaged otherwise passes.
bool has_possible_jpeg_tables(std::span<const std::uint8_t> file) noexcept;

}  // namespace atnas::data
