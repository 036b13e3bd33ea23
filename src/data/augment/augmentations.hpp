// SPDX-License-Identifier: Apache-2.0
#pragma once
// The kinds of changes, a file each; augmenter.cpp has a row for each of them.

#include <span>
#include <string>
#include <vector>

#include "atnas/data/augmenter.hpp"

namespace atnas::data {

/// An image that is being changed.
struct ImageInPlace {
    space::ImageShape shape;
    std::span<float> values;   ///< [channels][height][width], in [0, 1]
    std::span<float> scratch;  ///< room for a plane with a border of one pixel, (height + 2) x (width + 2)

    std::size_t plane_size() const noexcept {
        return static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
    }
    std::span<float> plane(int channel) const noexcept {
        return values.subspan(static_cast<std::size_t>(channel) * plane_size(), plane_size());
    }
};

class Augmentation {
  public:
    virtual ~Augmentation() = default;

    virtual bool active(const AugmentOptions& options) const noexcept = 0;
    /// Appends what forbids its options for images of this shape.
    virtual void check(const AugmentOptions& options, const space::ImageShape& shape,
                       std::vector<Problem>& problems) const = 0;
    /// \pre active, and nothing forbids it
    virtual void apply(const AugmentOptions& options, const ImageInPlace& image, RandomStream& stream) const = 0;
};

const Augmentation& affine_jitter() noexcept;
const Augmentation& flip() noexcept;
const Augmentation& crop() noexcept;
const Augmentation& brightness() noexcept;
const Augmentation& contrast() noexcept;
const Augmentation& saturation() noexcept;
const Augmentation& cutout() noexcept;

/// Uniform in +- \p reach.
inline float draw_symmetric(RandomStream& stream, float reach) noexcept {
    return reach * (2 * stream.uniform() - 1);
}

/// "data.KEY = value"
std::string setting(const char* key, float value);
/// Appends a problem unless 0 <= \p value <= 1.
void expect_strength(const char* key, float value, std::vector<Problem>& problems);
/// Appends a problem unless 0 <= \p pixels < height and width.
void expect_inside(const char* key, int pixels, const space::ImageShape& shape, std::vector<Problem>& problems);

}  // namespace atnas::data
