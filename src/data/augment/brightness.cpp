// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "augmentations.hpp"

namespace atnas::data {
namespace {

class Brightness final : public Augmentation {
  public:
    bool active(const AugmentOptions& options) const noexcept override { return options.brightness != 0; }

    void check(const AugmentOptions& options, const space::ImageShape&, std::vector<Problem>& problems) const override {
        expect_strength("brightness", options.brightness, problems);
    }

    void apply(const AugmentOptions& options, const ImageInPlace& image, RandomStream& stream) const override {
        const float factor = 1 + draw_symmetric(stream, options.brightness);
        for (float& value : image.values) value = std::min(1.0F, factor * value);
    }
};

}  // namespace

const Augmentation& brightness() noexcept {
    static const Brightness augmentation;
    return augmentation;
}

}  // namespace atnas::data
