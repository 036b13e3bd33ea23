#pragma once
/// \file
/// Memory of plans. One task runs at a time on a rank, so all plans of a rank lie over each other in one arena.

#include <cstddef>
#include <memory>
#include <vector>

#include "atnas/backend/backend.hpp"

namespace atnas::nn {

/// Hands out pieces of large buffers. Buffers never move or shrink, so what was handed out before reset() stays valid
/// memory; only its content is shared with what is handed out after.
class Arena {
  public:
    explicit Arena(backend::Backend& backend) : backend_(backend) {}

    /// A tensor in the arena, 64-byte aligned. Its content is undefined.
    backend::Tensor take(const backend::Shape& shape, backend::Layout layout);
    /// Starts over from the first byte.
    void reset() noexcept;
    /// Bytes held.
    std::size_t capacity() const noexcept;

  private:
    backend::Backend& backend_;
    std::vector<std::unique_ptr<backend::Buffer>> chunks_;
    std::size_t chunk_{0};  ///< in use
    std::size_t used_{0};   ///< elements of it
};

}  // namespace atnas::nn
