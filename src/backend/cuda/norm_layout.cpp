// SPDX-License-Identifier: Apache-2.0
#include "norm_layout.hpp"

#include <algorithm>
#include <bit>

#include "kernels/block.hpp"

namespace atnas::backend::cuda {
namespace {

/// A thread has about eight values to add before the sums of the threads are.
constexpr unsigned values_per_slice = 8 * block_threads;
/// More slices than this keep no device busier; each costs the others one more term to add.
constexpr unsigned most_slices_of_all_channels = 4096;
constexpr unsigned fewest_threads = 8;

unsigned parts(unsigned count, unsigned size) noexcept {
    return (count + size - 1) / size;
}

}  // namespace

NormLayout norm_layout(const Shape& shape) noexcept {
    NormLayout layout{};
    layout.images = static_cast<unsigned>(shape.n);
    layout.channels = static_cast<unsigned>(shape.c);
    layout.pixels = static_cast<unsigned>(shape.h) * static_cast<unsigned>(shape.w);
    const unsigned count = layout.images * layout.pixels;
    layout.threads = std::clamp(std::bit_ceil(count), fewest_threads, block_threads);
    const unsigned wanted = parts(count, values_per_slice);
    layout.length = parts(count, std::clamp(most_slices_of_all_channels / layout.channels, 1U, wanted));
    layout.slices = parts(count, layout.length);
    return layout;
}

unsigned norm_blocks(const NormLayout& layout) noexcept {
    return parts(layout.channels * layout.slices, block_threads / layout.threads);
}

}  // namespace atnas::backend::cuda
