// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "augmentations.hpp"

namespace atnas::data {
namespace {

class HorizontalFlip final : public Augmentation {
  public:
    bool active(const AugmentOptions& options) const noexcept override { return options.flip == Flip::yes; }

    void check(const AugmentOptions&, const space::ImageShape&, std::vector<Problem>&) const override {}

    void apply(const AugmentOptions&, const ImageInPlace& image, RandomStream& stream) const override {
        if (!stream.chance(0.5)) return;
        const auto width = static_cast<std::ptrdiff_t>(image.shape.width);
        for (auto row = image.values.begin(); row != image.values.end(); row += width) std::reverse(row, row + width);
    }
};

}  // namespace

const Augmentation& flip() noexcept {
    static const HorizontalFlip augmentation;
    return augmentation;
}

}  // namespace atnas::data
