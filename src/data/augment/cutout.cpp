// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include "augmentations.hpp"

namespace atnas::data {
namespace {

/// A square about a random pixel, as far as it lies in the image, takes the mean colour of the image, which tells
/// least (DeVries and Taylor, "Improved regularization of convolutional neural networks with Cutout", 2017, take the
/// mean of the data).
class Cutout final : public Augmentation {
  public:
    bool active(const AugmentOptions& options) const noexcept override { return options.cutout != 0; }

    void check(const AugmentOptions& options, const space::ImageShape& shape,
               std::vector<Problem>& problems) const override {
        expect_inside("cutout", options.cutout, shape, problems);
    }

    void apply(const AugmentOptions& options, const ImageInPlace& image, RandomStream& stream) const override {
        const auto [channels, height, width] = image.shape;
        const int top = static_cast<int>(stream.index(static_cast<std::uint32_t>(height))) - options.cutout / 2;
        const int left = static_cast<int>(stream.index(static_cast<std::uint32_t>(width))) - options.cutout / 2;
        const int first = std::max(0, left);
        const int last = std::min(width, left + options.cutout);
        for (int channel = 0; channel < channels; ++channel) {
            const std::span<float> plane = image.plane(channel);
            const double sum = std::accumulate(plane.begin(), plane.end(), 0.0);
            const auto mean = static_cast<float>(sum / static_cast<double>(plane.size()));
            for (int row = std::max(0, top); row < std::min(height, top + options.cutout); ++row) {
                float* const start = plane.data() + static_cast<std::ptrdiff_t>(row) * width;
                std::fill(start + first, start + last, mean);
            }
        }
    }
};

}  // namespace

const Augmentation& cutout() noexcept {
    static const Cutout augmentation;
    return augmentation;
}

}  // namespace atnas::data
