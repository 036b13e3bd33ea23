// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Memory of plans. One task at a time runs on a lane, so all plans of a lane lie over each other in one arena.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "atnas/backend/backend.hpp"

namespace atnas::nn {

/// Elements rounded up to a cache line of floats: where a tensor may begin.
constexpr std::size_t aligned(std::size_t count) noexcept {
    constexpr std::size_t line = 16;
    return (count + line - 1) / line * line;
}

/// Hands out pieces of large buffers. Buffers never move or shrink, so what was handed out before reset() stays valid
/// memory; only its content is shared with what is handed out after.
class Arena {
  public:
    explicit Arena(backend::Backend& backend) : backend_(backend) {}

    /// A tensor in the arena, 64-byte aligned. Its content is undefined.
    backend::Tensor take(const backend::Shape& shape, backend::Layout layout);
    /// A buffer of its own in the arena, which it must not outlive; not zeroed.
    std::unique_ptr<backend::Buffer> take_buffer(std::size_t count);
    /// Elements, with what alignment adds, of the most that was taken between two calls of reset().
    std::size_t most_taken() const noexcept { return std::max(most_taken_, taken_); }
    /// Holds one piece of that many elements instead of all it held. \pre nothing that was handed out is used any more
    void hold(std::size_t elements);
    /// Starts over from the first byte; returns itself.
    Arena& reset() noexcept;
    /// Bytes held.
    std::size_t capacity() const noexcept;

  private:
    struct Place {
        backend::Buffer& chunk;
        std::size_t first;  ///< element
    };
    Place take(std::size_t count);

    backend::Backend& backend_;
    std::vector<std::unique_ptr<backend::Buffer>> chunks_;
    std::size_t chunk_{0};  ///< in use
    std::size_t used_{0};   ///< elements of it
    std::size_t taken_{0};  ///< elements since reset()
    std::size_t most_taken_{0};
};

}  // namespace atnas::nn
