#pragma once
/// \file
/// Device memory that is asked for once and used again: plans come and go, cudaMalloc waits for the whole device.

#include <cstddef>
#include <map>
#include <vector>

#include "handles.hpp"

namespace atnas::backend::cuda {

/// Blocks of rounded sizes, cut from slabs; a block that was given back serves the next one of its size. Everything is
/// released with the pool.
class DevicePool {
  public:
    /// At least \p bytes, aligned to 256 bytes, content undefined. Throws Error(failed) when the device has no room.
    void* take(std::size_t bytes);
    /// \pre no queued work uses it
    void give_back(void* block) noexcept;
    /// Bytes held from the device.
    std::size_t capacity() const noexcept { return capacity_; }

    /// What take() rounds up to: 256 bytes at least, then four sizes per power of two, so that at most a quarter is
    /// lost.
    static std::size_t rounded(std::size_t bytes) noexcept;

  private:
    void* cut(std::size_t bytes);

    std::vector<DeviceMemory> slabs_;
    std::size_t free_bytes_{0};  ///< at the end of the newest slab
    std::byte* free_from_{nullptr};
    std::map<void*, std::size_t> sizes_;  ///< of all blocks
    std::map<std::size_t, std::vector<void*>> free_;
    std::size_t capacity_{0};
};

}  // namespace atnas::backend::cuda
