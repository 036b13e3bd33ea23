// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "augmentations.hpp"

namespace atnas::data {
namespace {

/// Where target pixels come from: source = matrix (target - centre) + offset.
struct InverseAffine {
    float xx, xy, yx, yy, x0, y0;
};

InverseAffine draw_affine(RandomStream& stream, const Jitter& jitter, const space::ImageShape& shape) {
    const double angle = draw_symmetric(stream, jitter.rotation) * std::numbers::pi / 180;
    const float shear = draw_symmetric(stream, jitter.shear);
    const float scale = 1 + draw_symmetric(stream, jitter.scale);
    const float shift_x = draw_symmetric(stream, jitter.translation);
    const float shift_y = draw_symmetric(stream, jitter.translation);
    const auto cosine = static_cast<float>(std::cos(angle));
    const auto sine = static_cast<float>(std::sin(angle));
    // Forward: scale, shear in x, turn, shift. Its matrix is scale * turn * shear; the shear and the turn have
    // determinant 1.
    InverseAffine inverse{};
    inverse.xx = (cosine + shear * sine) / scale;
    inverse.xy = (sine - shear * cosine) / scale;
    inverse.yx = -sine / scale;
    inverse.yy = cosine / scale;
    const float centre_x = static_cast<float>(shape.width - 1) / 2;
    const float centre_y = static_cast<float>(shape.height - 1) / 2;
    inverse.x0 = centre_x - inverse.xx * (centre_x + shift_x) - inverse.xy * (centre_y + shift_y);
    inverse.y0 = centre_y - inverse.yx * (centre_x + shift_x) - inverse.yy * (centre_y + shift_y);
    return inverse;
}

/// Bilinear; zero outside. \p padded is [height + 2][width + 2] with a border of zeros: no neighbour needs a test.
float sample_at(std::span<const float> padded, int height, int width, float x, float y) noexcept {
    const float from_left = std::clamp(x + 1, 0.0F, static_cast<float>(width + 1));
    const float from_top = std::clamp(y + 1, 0.0F, static_cast<float>(height + 1));
    const int column = std::min(static_cast<int>(from_left), width);
    const int row = std::min(static_cast<int>(from_top), height);
    const float to_right = from_left - static_cast<float>(column);
    const float to_bottom = from_top - static_cast<float>(row);
    const float* const top = padded.data() + static_cast<std::ptrdiff_t>(row) * (width + 2) + column;
    const float* const bottom = top + width + 2;
    const float upper = (1 - to_right) * top[0] + to_right * top[1];
    const float lower = (1 - to_right) * bottom[0] + to_right * bottom[1];
    return ((1 - to_bottom) * upper + to_bottom * lower) / 255.0F;
}

/// In units of 1/255, where the pixels of stored images are whole numbers: published results depend on these bits.
void copy_padded(std::span<const float> plane, int height, int width, std::span<float> padded) {
    std::ranges::fill(padded, 0.0F);
    for (int row = 0; row < height; ++row) {
        const float* const from = plane.data() + static_cast<std::ptrdiff_t>(row) * width;
        float* const to = padded.data() + static_cast<std::ptrdiff_t>(row + 1) * (width + 2) + 1;
        std::transform(from, from + width, to, [](float value) { return 255.0F * value; });
    }
}

class AffineJitter final : public Augmentation {
  public:
    bool active(const AugmentOptions& options) const noexcept override {
        const Jitter& jitter = options.jitter;
        return jitter.rotation != 0 || jitter.shear != 0 || jitter.scale != 0 || jitter.translation != 0;
    }

    void check(const AugmentOptions& options, const space::ImageShape&, std::vector<Problem>& problems) const override {
        const Jitter& jitter = options.jitter;
        for (const auto& [key, value] :
             {std::pair{"jitter_rotation", jitter.rotation}, std::pair{"jitter_shear", jitter.shear},
              std::pair{"jitter_scale", jitter.scale}, std::pair{"jitter_translation", jitter.translation}}) {
            if (std::isfinite(value) && value >= 0) continue;
            problems.push_back({setting(key, value), "it must be at least 0", {}});
        }
        if (jitter.scale >= 1)
            problems.push_back({setting("jitter_scale", jitter.scale), "it must be less than 1", {}});
    }

    /// One distortion for all channels.
    void apply(const AugmentOptions& options, const ImageInPlace& image, RandomStream& stream) const override {
        const auto [channels, height, width] = image.shape;
        const InverseAffine affine = draw_affine(stream, options.jitter, image.shape);
        for (int channel = 0; channel < channels; ++channel) {
            copy_padded(image.plane(channel), height, width, image.scratch);
            float* target = image.plane(channel).data();
            for (int row = 0; row < height; ++row) {
                for (int column = 0; column < width; ++column) {
                    const auto x = static_cast<float>(column);
                    const auto y = static_cast<float>(row);
                    *target++ = sample_at(image.scratch, height, width, affine.xx * x + affine.xy * y + affine.x0,
                                          affine.yx * x + affine.yy * y + affine.y0);
                }
            }
        }
    }
};

}  // namespace

const Augmentation& affine_jitter() noexcept {
    static const AffineJitter augmentation;
    return augmentation;
}

}  // namespace atnas::data
