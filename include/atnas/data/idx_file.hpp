// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Arrays in the IDX format, in which MNIST and its relatives come.

#include <cstdint>
#include <filesystem>
#include <vector>

namespace atnas::data {

/// Whole numbers 0 .. 255 in any number of axes, the last one fastest.
struct IdxArray {
    std::vector<std::uint32_t> shape;
    std::vector<std::uint8_t> values;
};

/// Reads a file, plain or compressed (gzip, bzip2, xz, lzma, zstd), recognised by content. Layout: two zero bytes, the
/// type of the values (only 0x08, unsigned bytes, is read), the number of axes, for each its length (32 bits, big
/// endian), the values (http://yann.lecun.com/exdb/mnist). Memory grows with what is there, whatever the header says.
/// Throws Error(bad_data) that names the file: missing, no such file, values of another type, cut off, longer than its
/// header says, damaged.
IdxArray read_idx(const std::filesystem::path& path);

/// Whether \p path is a file that begins as one of unsigned bytes does.
bool is_idx(const std::filesystem::path& path);

}  // namespace atnas::data
