#include "device_pool.hpp"

#include <algorithm>
#include <bit>

#include "atnas/core/contract.hpp"

namespace atnas::backend::cuda {
namespace {

constexpr std::size_t alignment = 256;
constexpr std::size_t slab_bytes = std::size_t{8} << 20;

DeviceMemory allocate(std::size_t bytes) {
    void* memory = nullptr;
    check(cudaMalloc(&memory, bytes), "cudaMalloc");
    return DeviceMemory(memory);
}

}  // namespace

std::size_t DevicePool::rounded(std::size_t bytes) noexcept {
    const std::size_t step = std::max(alignment, std::bit_floor(std::max<std::size_t>(bytes, 1)) / 4);
    return std::max(alignment, (bytes + step - 1) / step * step);
}

void* DevicePool::take(std::size_t bytes) {
    const std::size_t size = rounded(bytes);
    auto& free = free_[size];
    if (free.empty()) {
        void* const block = cut(size);
        sizes_[block] = size;
        return block;
    }
    void* const block = free.back();
    free.pop_back();
    return block;
}

void* DevicePool::cut(std::size_t bytes) {
    if (bytes > free_bytes_) {
        // A block that fills most of a slab gets its own and leaves the rest of the newest one to others.
        if (bytes > slab_bytes / 2) {
            slabs_.push_back(allocate(bytes));
            capacity_ += bytes;
            return slabs_.back().get();
        }
        slabs_.push_back(allocate(slab_bytes));
        capacity_ += slab_bytes;
        free_from_ = static_cast<std::byte*>(slabs_.back().get());
        free_bytes_ = slab_bytes;
    }
    void* const block = free_from_;
    free_from_ += bytes;
    free_bytes_ -= bytes;
    return block;
}

void DevicePool::give_back(void* block) noexcept {
    const auto size = sizes_.find(block);
    ATNAS_EXPECT(size != sizes_.end());
    free_[size->second].push_back(block);
}

}  // namespace atnas::backend::cuda
