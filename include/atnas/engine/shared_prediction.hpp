// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Prediction of many images by all ranks together.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/data/copy_options.hpp"
#include "atnas/engine/predictor.hpp"
#include "atnas/space/shape.hpp"

namespace atnas::engine {

/// Images as files have them.
struct PixelView {
    std::span<const std::uint8_t> pixels;  ///< [n, channels, height, width]
    space::ImageShape shape;               ///< of one image

    std::size_t size() const noexcept { return space::shape_of(shape).count(); }
    std::size_t count() const noexcept { return pixels.size() / size(); }
    std::span<const std::uint8_t> image(std::size_t index) const { return pixels.subspan(index * size(), size()); }
};

struct SharedPredictionOptions {
    std::size_t batch;           ///< images that pass through a network at a time
    data::CopyOptions copies{};  ///< of each image, asked for as well: the mean of the probabilities counts
    std::uint64_t seed{0};       ///< of the copies' changes
};

/// [n, classes] on every rank. The copies of an image depend on its pixels and the seed alone, so that no image changes
/// what another one is taken for. Ranks share whole batches, so that the result is the same on any number of ranks.
/// Throws Error(bad_deck) for copies that the images cannot have. Collective. \pre the same images on every rank; the
/// ensemble takes that batch
std::vector<float> shared_probabilities(Ensemble& ensemble, const PixelView& images,
                                        const SharedPredictionOptions& options, const comm::Communicator& communicator);

}  // namespace atnas::engine
