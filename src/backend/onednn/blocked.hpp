// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Index arithmetic of the native layout nChw<B>c: [n][c / B][h][w][c % B], channels padded with zeros.

#include <cstddef>

#include "atnas/backend/tensor.hpp"

namespace atnas::backend::onednn {

struct Blocked {
    Blocked(const Shape& shape, int channels_per_block) noexcept
        : batch(static_cast<std::size_t>(shape.n)),
          channels(static_cast<std::size_t>(shape.c)),
          block(static_cast<std::size_t>(channels_per_block)),
          blocks((channels + block - 1) / block),
          pixels(static_cast<std::size_t>(shape.h) * static_cast<std::size_t>(shape.w)) {}

    std::size_t count() const noexcept { return batch * blocks * pixels * block; }
    /// First element of a channel at pixel 0; consecutive pixels are `block` apart.
    std::size_t at(std::size_t n, std::size_t c) const noexcept {
        return (n * blocks + c / block) * pixels * block + c % block;
    }
    bool whole() const noexcept { return channels % block == 0; }

    std::size_t batch, channels, block, blocks, pixels;
};

}  // namespace atnas::backend::onednn
