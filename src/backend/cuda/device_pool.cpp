// SPDX-License-Identifier: Apache-2.0
#include "device_pool.hpp"

#include <algorithm>

#include "atnas/core/contract.hpp"

namespace atnas::backend::cuda {
namespace {

constexpr std::size_t alignment = 256;
constexpr std::size_t slab_bytes = std::size_t{8} << 20;

std::size_t rounded(std::size_t bytes) noexcept {
    return std::max<std::size_t>(1, (bytes + alignment - 1) / alignment) * alignment;
}

DeviceMemory allocate(std::size_t bytes) {
    void* memory = nullptr;
    check(cudaMalloc(&memory, bytes), "cudaMalloc");
    return DeviceMemory(memory);
}

}  // namespace

void* DevicePool::take(std::size_t bytes) {
    const std::size_t size = rounded(bytes);
    const auto fitting = free_.lower_bound({size, nullptr});
    const auto block = fitting != free_.end() ? blocks_.find(fitting->second) : add_slab(std::max(size, slab_bytes));
    auto& [address, piece] = *block;
    free_.erase({piece.bytes, address});
    if (piece.bytes > size) {
        const std::size_t rest = piece.bytes - size;
        blocks_.emplace_hint(std::next(block), address + size, Block{rest, Piece::free, Begins::inside});
        free_.emplace(rest, address + size);
        piece.bytes = size;
    }
    piece.piece = Piece::used;
    in_use_ += size;
    return address;
}

void DevicePool::give_back(void* address) noexcept {
    auto block = blocks_.find(static_cast<std::byte*>(address));
    ATNAS_EXPECT(block != blocks_.end() && block->second.piece == Piece::used);
    in_use_ -= block->second.bytes;
    block->second.piece = Piece::free;
    join_next(block);
    if (block != blocks_.begin() && block->second.begins == Begins::inside &&
        std::prev(block)->second.piece == Piece::free) {
        --block;
        free_.erase({block->second.bytes, block->first});
        join_next(block);
    }
    free_.emplace(block->second.bytes, block->first);
}

void DevicePool::reserve(std::size_t bytes) {
    const std::size_t available = capacity_ - in_use_;
    if (available < bytes) add_slab(rounded(bytes - available));
}

DevicePool::Blocks::iterator DevicePool::add_slab(std::size_t bytes) {
    slabs_.push_back(allocate(bytes));
    capacity_ += bytes;
    auto* const address = static_cast<std::byte*>(slabs_.back().get());
    free_.emplace(bytes, address);
    return blocks_.emplace(address, Block{bytes, Piece::free, Begins::slab}).first;
}

/// \p block takes in what follows it, if that is free.
void DevicePool::join_next(Blocks::iterator block) {
    const auto next = std::next(block);
    if (next == blocks_.end() || next->second.piece == Piece::used || next->second.begins == Begins::slab) return;
    free_.erase({next->second.bytes, next->first});
    block->second.bytes += next->second.bytes;
    blocks_.erase(next);
}

}  // namespace atnas::backend::cuda
