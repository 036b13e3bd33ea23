// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include "augmentations.hpp"

namespace atnas::data {
namespace {

/// About the mean of all values of the image.
class Contrast final : public Augmentation {
  public:
    bool active(const AugmentOptions& options) const noexcept override { return options.contrast != 0; }

    void check(const AugmentOptions& options, const space::ImageShape&, std::vector<Problem>& problems) const override {
        expect_strength("contrast", options.contrast, problems);
    }

    void apply(const AugmentOptions& options, const ImageInPlace& image, RandomStream& stream) const override {
        const float factor = 1 + draw_symmetric(stream, options.contrast);
        const double sum = std::accumulate(image.values.begin(), image.values.end(), 0.0);
        const auto mean = static_cast<float>(sum / static_cast<double>(image.values.size()));
        for (float& value : image.values) value = std::clamp(mean + factor * (value - mean), 0.0F, 1.0F);
    }
};

}  // namespace

const Augmentation& contrast() noexcept {
    static const Contrast augmentation;
    return augmentation;
}

}  // namespace atnas::data
