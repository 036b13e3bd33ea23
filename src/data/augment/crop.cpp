// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "augmentations.hpp"

namespace atnas::data {
namespace {

/// Moves a plane so that pixel (down, right) becomes the first; what comes from outside is black.
void move_plane(std::span<float> plane, const space::ImageShape& shape, int down, int right, std::span<float> scratch) {
    std::ranges::copy(plane, scratch.begin());
    std::ranges::fill(plane, 0.0F);
    const int first = std::max(0, -right);
    const int last = std::min(shape.width, shape.width - right);
    for (int row = std::max(0, -down); row < std::min(shape.height, shape.height - down); ++row) {
        const float* const from = scratch.data() + static_cast<std::ptrdiff_t>(row + down) * shape.width + right;
        std::copy(from + first, from + last, plane.data() + static_cast<std::ptrdiff_t>(row) * shape.width + first);
    }
}

/// A window of the image's size out of the image with a black border. One window for all channels.
class PaddedCrop final : public Augmentation {
  public:
    bool active(const AugmentOptions& options) const noexcept override { return options.crop != 0; }

    void check(const AugmentOptions& options, const space::ImageShape& shape,
               std::vector<Problem>& problems) const override {
        expect_inside("crop", options.crop, shape, problems);
    }

    void apply(const AugmentOptions& options, const ImageInPlace& image, RandomStream& stream) const override {
        const auto places = static_cast<std::uint32_t>(2 * options.crop + 1);
        const int down = static_cast<int>(stream.index(places)) - options.crop;
        const int right = static_cast<int>(stream.index(places)) - options.crop;
        for (int channel = 0; channel < image.shape.channels; ++channel)
            move_plane(image.plane(channel), image.shape, down, right, image.scratch);
    }
};

}  // namespace

const Augmentation& crop() noexcept {
    static const PaddedCrop augmentation;
    return augmentation;
}

}  // namespace atnas::data
