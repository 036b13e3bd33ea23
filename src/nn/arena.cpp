#include "atnas/nn/arena.hpp"

#include <algorithm>

namespace atnas::nn {
namespace {

constexpr std::size_t chunk_elements = std::size_t{1} << 20;

}  // namespace

backend::Tensor Arena::take(const backend::Shape& shape, backend::Layout layout) {
    constexpr std::size_t alignment = 16;  // elements, a cache line of floats
    const std::size_t count = (backend_.storage(shape, layout) + alignment - 1) / alignment * alignment;
    while (chunk_ < chunks_.size() && used_ + count > chunks_[chunk_]->size()) {
        ++chunk_;
        used_ = 0;
    }
    if (chunk_ == chunks_.size()) chunks_.push_back(backend_.allocate(std::max(count, chunk_elements)));
    auto* start = static_cast<std::byte*>(chunks_[chunk_]->data());
    backend::Tensor tensor{shape, layout, start + used_ * backend::bytes_of(backend_.precision())};
    used_ += count;
    return tensor;
}

void Arena::reset() noexcept {
    chunk_ = 0;
    used_ = 0;
}

std::size_t Arena::capacity() const noexcept {
    std::size_t elements = 0;
    for (const auto& chunk : chunks_) elements += chunk->size();
    return elements * backend::bytes_of(backend_.precision());
}

}  // namespace atnas::nn
