// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/batch_sampler.hpp"

#include <string>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "image_writer.hpp"

namespace atnas::data {

BatchSampler::BatchSampler(const ImageSet& images, std::span<const int> classes, const BatchOptions& options)
    : images_(images),
      options_(options),
      chosen_(classes.begin(), classes.end()),
      augmenter_(images.shape, options.augment) {
    ATNAS_EXPECT(!classes.empty() && options.images > 0);
    if (options.rotations != Rotations::none && images.shape.height != images.shape.width)
        throw Error(ExitCode::bad_deck, {"data.rotations with images of " + std::to_string(images.shape.height) +
                                             " x " + std::to_string(images.shape.width),
                                         "a quarter turn needs square images", "use data.rotations = none"});
}

int BatchSampler::classes_of(int classes, Rotations rotations) noexcept {
    return classes * turns_of(rotations);
}

void BatchSampler::sample(const RandomKey& key, LabelledImages& batch) const {
    const auto count = static_cast<std::size_t>(options_.images);
    batch.images.resize(count * images_.image_size());
    batch.labels.resize(count);
    RandomStream stream(key);
    ImageWriter writer(images_, augmenter_, key);
    const int turns = turns_of(options_.rotations);
    for (std::size_t n = 0; n < count; ++n) {
        const int place = static_cast<int>(stream.index(static_cast<std::uint32_t>(chosen_.size())));
        const int turn = static_cast<int>(stream.index(static_cast<std::uint32_t>(turns)));
        const auto c = static_cast<std::size_t>(chosen_[static_cast<std::size_t>(place)]);
        const std::int64_t first = images_.first_of_class[c];
        const auto own = static_cast<std::uint32_t>(images_.first_of_class[c + 1] - first);
        batch.labels[n] = place * turns + turn;
        writer.write(first + stream.index(own), turn, batch.images.data() + n * images_.image_size());
    }
}

}  // namespace atnas::data
