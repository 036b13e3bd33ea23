// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The names, shapes and places of all weights in one flat array.

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "atnas/backend/tensor.hpp"
#include "atnas/space/weight.hpp"

namespace atnas::nn {

using BlockId = int;

using space::Initial;

/// A weight tensor with its place.
struct Block : space::Weight {
    std::size_t offset;  ///< elements from the start of the flat array
};

/// Grows while a supernet is laid out; blocks follow each other without gaps.
class Manifest {
  public:
    /// The block of that name, added at the end if new. \pre an existing block has the same shape
    BlockId require(const std::string& name, const backend::Shape& shape, Initial initial);

    const std::vector<Block>& blocks() const noexcept { return blocks_; }
    const Block& block(BlockId id) const { return blocks_[static_cast<std::size_t>(id)]; }
    std::size_t size() const noexcept { return size_; }  ///< elements of all blocks

  private:
    std::vector<Block> blocks_;
    std::unordered_map<std::string, BlockId> ids_;
    std::size_t size_{0};
};

}  // namespace atnas::nn
