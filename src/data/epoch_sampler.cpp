// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/epoch_sampler.hpp"

#include <numeric>
#include <utility>

#include "atnas/core/contract.hpp"
#include "image_writer.hpp"
#include "shuffle.hpp"

namespace atnas::data {

EpochSampler::EpochSampler(ImageList images, const EpochOptions& options)
    : images_(std::move(images)), options_(options), augmenter_(images_.set().shape, options.augment), epochs_{} {
    ATNAS_EXPECT(images_.count() > 0 && options.images > 0);
}

const std::vector<std::uint32_t>& EpochSampler::order(std::uint64_t epoch) {
    Epoch& kept = epochs_[epoch % 2];
    if (kept.order.empty() || kept.number != epoch) {
        kept.number = epoch;
        kept.order.resize(images_.count());
        std::iota(kept.order.begin(), kept.order.end(), 0U);
        shuffle(kept.order,
                {.seed = options_.seed, .purpose = Purpose::epoch, .iteration = static_cast<std::uint32_t>(epoch)});
    }
    return kept.order;
}

void EpochSampler::sample(std::uint64_t number, LabelledImages& batch) {
    const auto count = static_cast<std::size_t>(options_.images);
    const std::size_t size = images_.set().image_size();
    batch.images.resize(count * size);
    batch.labels.resize(count);
    // The changes of a mini-batch are at its number, apart from the orders, which nothing is changed by.
    ImageWriter writer(images_.set(), augmenter_,
                       {.seed = options_.seed,
                        .purpose = Purpose::epoch,
                        .island = 1,
                        .iteration = static_cast<std::uint32_t>(number >> 32),
                        .item = static_cast<std::uint32_t>(number)});
    for (std::size_t n = 0; n < count; ++n) {
        const std::uint64_t position = number * count + n;
        const std::size_t place = order(position / images_.count())[position % images_.count()];
        batch.labels[n] = images_.label(place);
        writer.write(images_.image(place), 0, batch.images.data() + n * size);
    }
}

}  // namespace atnas::data
