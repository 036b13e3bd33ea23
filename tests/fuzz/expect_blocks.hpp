// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What every list of blocks that was read must hold, whatever the file said.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "atnas/io/checkpoint.hpp"

namespace atnas::fuzz {

/// Each lies within \p weights values.
inline void expect_blocks(const std::vector<io::BlockRecord>& manifest, std::size_t weights) {
    for (const io::BlockRecord& block : manifest) {
        std::uint64_t count = 1;
        for (const std::uint64_t length : block.shape) count *= length;
        if (block.offset + count > weights) std::abort();
    }
}

}  // namespace atnas::fuzz
