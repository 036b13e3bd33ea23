// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/arena.hpp"

#include <algorithm>

namespace atnas::nn {
namespace {

constexpr std::size_t chunk_elements = std::size_t{1} << 20;

/// Part of another buffer.
class PartBuffer final : public backend::Buffer {
  public:
    PartBuffer(backend::Buffer& whole, std::size_t first, std::size_t count) noexcept
        : Buffer(backend::view(whole, first, {}).data, count, whole.precision(), whole.memory()) {}
};

}  // namespace

Arena::Place Arena::take(std::size_t wanted) {
    const std::size_t count = aligned(wanted);
    while (chunk_ < chunks_.size() && used_ + count > chunks_[chunk_]->size()) {
        ++chunk_;
        used_ = 0;
    }
    if (chunk_ == chunks_.size()) chunks_.push_back(backend_.allocate(std::max(count, chunk_elements)));
    const Place place{*chunks_[chunk_], used_};
    used_ += count;
    taken_ += count;
    return place;
}

backend::Tensor Arena::take(const backend::Shape& shape, backend::Layout layout) {
    const Place place = take(backend_.storage(shape, layout));
    return {shape, layout, backend::view(place.chunk, place.first, {}).data};
}

std::unique_ptr<backend::Buffer> Arena::take_buffer(std::size_t count) {
    const Place place = take(count);
    return std::make_unique<PartBuffer>(place.chunk, place.first, count);
}

void Arena::hold(std::size_t elements) {
    chunks_.clear();
    reset();
    if (elements > 0) chunks_.push_back(backend_.allocate(elements));
}

Arena& Arena::reset() noexcept {
    most_taken_ = most_taken();
    chunk_ = 0;
    used_ = 0;
    taken_ = 0;
    return *this;
}

std::size_t Arena::capacity() const noexcept {
    std::size_t elements = 0;
    for (const auto& chunk : chunks_) elements += chunk->size();
    return elements * backend::bytes_of(backend_.precision());
}

}  // namespace atnas::nn
