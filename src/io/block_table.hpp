// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Names, places and shapes of the blocks of a flat array: the group "manifest" beside it (analysis/FORMAT.md).

#include <cstddef>
#include <string>
#include <vector>

#include "atnas/io/checkpoint.hpp"
#include "atnas/io/hdf5.hpp"

namespace atnas::io {

/// The arrays names, offsets and shapes in \p group.
void write_blocks(File& file, const std::string& group, const std::vector<BlockRecord>& blocks);

/// \p elements of the array that they are blocks of. Throws Error(bad_data) when they do not fit together, or a block
/// lies outside that array.
std::vector<BlockRecord> read_blocks(const File& file, const std::string& group, std::size_t elements);

/// Throws Error(bad_data): an object of the file is damaged, for this reason.
[[noreturn]] void refuse(const File& file, const std::string& object, const std::string& reason);

}  // namespace atnas::io
