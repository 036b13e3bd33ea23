// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Prediction of many images by all ranks together.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/engine/predictor.hpp"

namespace atnas::engine {

/// Images as files have them.
struct PixelView {
    std::span<const std::uint8_t> pixels;  ///< [n, size]
    std::size_t size;                      ///< samples of one image

    std::size_t count() const noexcept { return pixels.size() / size; }
};

/// [n, classes] on every rank. Ranks share whole batches of \p batch images, so that the result is the same on any
/// number of ranks. Collective. \pre the same images on every rank; the ensemble takes that batch
std::vector<float> shared_probabilities(Ensemble& ensemble, const PixelView& images, std::size_t batch,
                                        const comm::Communicator& communicator);

}  // namespace atnas::engine
