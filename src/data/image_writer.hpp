// SPDX-License-Identifier: Apache-2.0
#pragma once
// Images of a set as a network takes them: turned, changed, in [0, 1].

#include <cstdint>

#include "atnas/core/random.hpp"
#include "atnas/data/augmenter.hpp"
#include "atnas/data/episode_sampler.hpp"
#include "atnas/data/image_set.hpp"

namespace atnas::data {

/// As how many classes a class counts.
inline int turns_of(Rotations rotations) noexcept {
    switch (rotations) {
        case Rotations::none:
            return 1;
        case Rotations::quarter:
            return 4;
        case Rotations::mirrored:
            return 8;
    }
    return 1;
}

/// Writes the images of one task or mini-batch one after the other.
class ImageWriter {
  public:
    /// Changes come from the key with Purpose::augment. Keeps a reference to \p images.
    ImageWriter(const ImageSet& images, const Augmenter& augmenter, const RandomKey& key);

    /// \p turn: quarter turns counter-clockwise; from 4 on turned by turn - 4 of them, then mirrored. \pre square
    /// unless turn is even
    void write(std::int64_t image, int turn, float* target);

  private:
    const ImageSet& images_;
    Augmenter augmenter_;  ///< a copy: its memory is this writer's, so that a sampler stays as it is
    RandomStream stream_;
};

}  // namespace atnas::data
