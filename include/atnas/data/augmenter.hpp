// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Random changes of training images, after which a class is still the same class.

#include <span>
#include <string>
#include <vector>

#include "atnas/core/error.hpp"
#include "atnas/core/random.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::data {

enum class Flip { no, yes };  ///< yes: one image in two is mirrored, left to right

/// Affine distortion, drawn anew for every image; zero = off.
struct Jitter {
    float rotation{0};     ///< degrees, uniform in +-
    float shear{0};        ///< tangent, uniform in +-
    float scale{0};        ///< relative, uniform in +-; less than 1
    float translation{0};  ///< pixels, uniform in +-

    bool operator==(const Jitter&) const = default;
};

/// What is done to training images, in this order. Zero = off.
struct AugmentOptions {
    Jitter jitter{};
    Flip flip{Flip::no};
    int crop{0};          ///< pixels of a black border, out of which a window of the image's size is cut at random
    float brightness{0};  ///< values times a factor, uniform in 1 +- this; 0 ... 1
    float contrast{0};    ///< distances from the image's mean times such a factor; 0 ... 1
    float saturation{0};  ///< distances from the pixel's grey times such a factor; 0 ... 1; images of 3 channels
    int cutout{0};        ///< side in pixels of a square that is wiped out

    bool operator==(const AugmentOptions&) const = default;
};

/// The keys of [data] that change images and to what: "flip, crop 4"; "none" without any.
std::string text_of(const AugmentOptions& options);

/// All that forbids to change images of this shape so; names the keys of [data].
std::vector<Problem> problems_of(const AugmentOptions& options, const space::ImageShape& shape);

/// One kind of change: src/data/augment/, a file each.
class Augmentation;

/// Of the changes of a task or mini-batch: at the address of its key, with Purpose::augment.
RandomStream augment_stream(const RandomKey& key) noexcept;

/// Changes images of one shape. A copy has memory of its own; a change allocates none.
class Augmenter {
  public:
    /// Throws Error(bad_deck) with problems_of().
    Augmenter(const space::ImageShape& shape, const AugmentOptions& options);

    /// Changes \p image, [channels, height, width] of values in [0, 1], which they stay. What is off takes no number
    /// from \p stream.
    void apply(std::span<float> image, RandomStream& stream);

  private:
    space::ImageShape shape_;
    AugmentOptions options_;
    std::vector<const Augmentation*> active_;  ///< in the order they are applied in
    std::vector<float> scratch_;               ///< see ImageInPlace
};

}  // namespace atnas::data
