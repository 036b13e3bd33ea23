// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Images, and what augmentations make of them.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "atnas/data/augmenter.hpp"

namespace atnas::data::testing {

inline std::size_t size_of(const space::ImageShape& shape) {
    return static_cast<std::size_t>(shape.channels) * static_cast<std::size_t>(shape.height) *
           static_cast<std::size_t>(shape.width);
}

/// Values from 0.3 to 0.6, all different: strengths up to 0.5 take none of them out of [0, 1].
inline std::vector<float> gradient(const space::ImageShape& shape) {
    std::vector<float> image(size_of(shape));
    for (std::size_t i = 0; i < image.size(); ++i)
        image[i] = 0.3F + 0.3F * static_cast<float>(i) / static_cast<float>(image.size());
    return image;
}

/// What a stream of its own for every \p item makes of the image.
inline std::vector<float> changed(std::vector<float> image, const space::ImageShape& shape,
                                  const AugmentOptions& options, std::uint32_t item) {
    RandomStream stream({.seed = 3, .purpose = Purpose::augment, .item = item});
    Augmenter(shape, options).apply(image, stream);
    return image;
}

}  // namespace atnas::data::testing
