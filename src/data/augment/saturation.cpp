// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "augmentations.hpp"

namespace atnas::data {
namespace {

/// About the grey of each pixel: the luma of ITU-R BT.601.
class Saturation final : public Augmentation {
  public:
    bool active(const AugmentOptions& options) const noexcept override { return options.saturation != 0; }

    void check(const AugmentOptions& options, const space::ImageShape& shape,
               std::vector<Problem>& problems) const override {
        expect_strength("saturation", options.saturation, problems);
        if (active(options) && shape.channels != 3)
            problems.push_back({setting("saturation", options.saturation),
                                "colours have 3 channels, the images have " + std::to_string(shape.channels),
                                "use data.saturation = 0, or import the images with --channels=3"});
    }

    void apply(const AugmentOptions& options, const ImageInPlace& image, RandomStream& stream) const override {
        const float factor = 1 + draw_symmetric(stream, options.saturation);
        const std::span<float> red = image.plane(0);
        const std::span<float> green = image.plane(1);
        const std::span<float> blue = image.plane(2);
        for (std::size_t i = 0; i < image.plane_size(); ++i) {
            const float grey = 0.299F * red[i] + 0.587F * green[i] + 0.114F * blue[i];
            for (float* const value : {&red[i], &green[i], &blue[i]})
                *value = std::clamp(grey + factor * (*value - grey), 0.0F, 1.0F);
        }
    }
};

}  // namespace

const Augmentation& saturation() noexcept {
    static const Saturation augmentation;
    return augmentation;
}

}  // namespace atnas::data
