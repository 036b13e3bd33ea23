// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/augmenter.hpp"

#include <array>
#include <sstream>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "atnas/core/contract.hpp"
#include "augment/augmentations.hpp"

namespace atnas::data {
namespace {

/// In the order they are applied in: first where pixels are, then what they show.
std::span<const Augmentation* const> augmentations() {
    static const std::array rows{&affine_jitter(), &flip(),       &crop(),  &brightness(),
                                 &contrast(),      &saturation(), &cutout()};
    return rows;
}

}  // namespace

std::string setting(const char* key, float value) {
    std::ostringstream text;
    text << "data." << key << " = " << value;
    return text.str();
}

void expect_strength(const char* key, float value, std::vector<Problem>& problems) {
    if (value >= 0 && value <= 1) return;
    problems.push_back({setting(key, value), "it must be in 0 ... 1", {}});
}

void expect_inside(const char* key, int pixels, const space::ImageShape& shape, std::vector<Problem>& problems) {
    if (pixels >= 0 && pixels < shape.height && pixels < shape.width) return;
    problems.push_back({setting(key, static_cast<float>(pixels)),
                        "it must be at least 0 and less than the images' " + std::to_string(shape.height) + " x " +
                            std::to_string(shape.width) + " pixels",
                        {}});
}

std::string text_of(const AugmentOptions& options) {
    std::vector<std::string> changes;
    if (options.flip == Flip::yes) changes.emplace_back("flip");
    const Jitter& jitter = options.jitter;
    for (const auto& [name, value] :
         {std::pair{"crop", static_cast<float>(options.crop)}, std::pair{"cutout", static_cast<float>(options.cutout)},
          std::pair{"brightness", options.brightness}, std::pair{"contrast", options.contrast},
          std::pair{"saturation", options.saturation}, std::pair{"jitter_rotation", jitter.rotation},
          std::pair{"jitter_shear", jitter.shear}, std::pair{"jitter_scale", jitter.scale},
          std::pair{"jitter_translation", jitter.translation}}) {
        if (value != 0) changes.push_back(fmt::format("{} {}", name, value));
    }
    return changes.empty() ? "none" : fmt::format("{}", fmt::join(changes, ", "));
}

std::vector<Problem> problems_of(const AugmentOptions& options, const space::ImageShape& shape) {
    std::vector<Problem> problems;
    for (const Augmentation* const augmentation : augmentations()) augmentation->check(options, shape, problems);
    return problems;
}

RandomStream augment_stream(const RandomKey& key) noexcept {
    return RandomStream({key.seed, Purpose::augment, key.island, key.iteration, key.item});
}

Augmenter::Augmenter(const space::ImageShape& shape, const AugmentOptions& options) : shape_(shape), options_(options) {
    if (auto problems = problems_of(options, shape); !problems.empty())
        throw Error(ExitCode::bad_deck, std::move(problems));
    for (const Augmentation* const augmentation : augmentations()) {
        if (augmentation->active(options)) active_.push_back(augmentation);
    }
    if (!active_.empty())
        scratch_.resize(static_cast<std::size_t>(shape.height + 2) * static_cast<std::size_t>(shape.width + 2));
}

void Augmenter::apply(std::span<float> image, RandomStream& stream) {
    const ImageInPlace in_place{shape_, image, scratch_};
    ATNAS_EXPECT(image.size() == static_cast<std::size_t>(shape_.channels) * in_place.plane_size());
    for (const Augmentation* const augmentation : active_) augmentation->apply(options_, in_place, stream);
}

}  // namespace atnas::data
