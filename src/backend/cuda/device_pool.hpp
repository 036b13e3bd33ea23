// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Device memory that is asked for once and used again: plans come and go, cudaMalloc waits for the whole device.

#include <cstddef>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "handles.hpp"

namespace atnas::backend::cuda {

/// Blocks cut from slabs; the smallest free piece that is large enough serves, and pieces that are given back join
/// their free neighbours. Everything is released with the pool.
class DevicePool {
  public:
    /// At least \p bytes, aligned to 256 bytes, content undefined. Asks the device for another slab when no free piece
    /// is large enough; throws Error(failed) when it has no room.
    void* take(std::size_t bytes);
    /// \pre no queued work uses it
    void give_back(void* block) noexcept;
    /// Asks the device for what is missing, so that \p bytes are free in one piece or more.
    void reserve(std::size_t bytes);

    std::size_t in_use() const noexcept { return in_use_; }
    /// Bytes held from the device.
    std::size_t capacity() const noexcept { return capacity_; }

  private:
    enum class Piece { used, free };
    enum class Begins { slab, inside };  ///< pieces of two slabs are no neighbours, wherever these lie
    struct Block {
        std::size_t bytes;
        Piece piece;
        Begins begins;
    };
    using Blocks = std::map<std::byte*, Block>;

    Blocks::iterator add_slab(std::size_t bytes);
    void join_next(Blocks::iterator block);

    std::vector<DeviceMemory> slabs_;
    Blocks blocks_;                                      ///< all, by address
    std::set<std::pair<std::size_t, std::byte*>> free_;  ///< by size
    std::size_t in_use_{0};
    std::size_t capacity_{0};
};

}  // namespace atnas::backend::cuda
