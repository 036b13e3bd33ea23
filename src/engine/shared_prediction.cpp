// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/shared_prediction.hpp"

#include <algorithm>
#include <cstring>

#include "atnas/core/contract.hpp"
#include "atnas/core/digest.hpp"
#include "atnas/data/pixel_values.hpp"
#include "atnas/data/query_copies.hpp"
#include "atnas/engine/mean_probabilities.hpp"

namespace atnas::engine {
namespace {

struct Range {
    std::size_t first, count;
};

/// Where the changes of an image come from, wherever it stands among others.
RandomKey key_of(std::span<const std::uint8_t> pixels, std::uint64_t seed) {
    return {.seed = seed, .item = static_cast<std::uint32_t>(Digest::of(std::as_bytes(pixels)).value())};
}

/// Asks an ensemble for images and for copies of them.
class Asker {
  public:
    Asker(Ensemble& ensemble, const PixelView& images, const SharedPredictionOptions& options)
        : ensemble_(ensemble),
          images_(images),
          seed_(options.seed),
          copies_(images.shape, options.copies.count > 0 ? options.copies : data::CopyOptions{}) {}

    void append(Range range, std::vector<float>& probabilities) const {
        std::vector<float> values;
        data::append_values(images_.pixels.subspan(range.first * images_.size(), range.count * images_.size()), values);
        MeanProbabilities mean;
        mean.add(ensemble_.probabilities(values));
        for (int copy = 0; copy < copies_.count(); ++copy) mean.add(ensemble_.probabilities(changed(range, copy)));
        const std::vector<float> some = mean.values();
        probabilities.insert(probabilities.end(), some.begin(), some.end());
    }

  private:
    std::vector<float> changed(Range range, int copy) const {
        std::vector<float> values;
        for (std::size_t i = range.first; i < range.first + range.count; ++i) {
            const std::span<const std::uint8_t> pixels = images_.image(i);
            data::LabelledImages image{.images = {}, .labels = {0}};
            data::append_values(pixels, image.images);
            const std::vector<float> some = copies_.copy(image, key_of(pixels, seed_), copy).images;
            values.insert(values.end(), some.begin(), some.end());
        }
        return values;
    }

    Ensemble& ensemble_;
    PixelView images_;
    std::uint64_t seed_;
    data::QueryCopies copies_;
};

}  // namespace

std::vector<float> shared_probabilities(Ensemble& ensemble, const PixelView& images,
                                        const SharedPredictionOptions& options,
                                        const comm::Communicator& communicator) {
    const std::size_t batch = options.batch;
    ATNAS_EXPECT(batch > 0 && images.pixels.size() % images.size() == 0);
    const Asker asker(ensemble, images, options);
    const auto ranks = static_cast<std::size_t>(communicator.size());
    const auto rank = static_cast<std::size_t>(communicator.rank());
    const std::size_t batches = (images.count() + batch - 1) / batch;
    std::vector<float> all;
    // What ranks exchange at a time stays small, however many images and classes there are.
    constexpr std::size_t most_batches = 16, most_bytes = std::size_t{1} << 28;
    const std::size_t bytes_of_all = ranks * batch * ensemble.classes() * sizeof(float);
    const std::size_t batches_of_a_rank = std::clamp<std::size_t>(most_bytes / bytes_of_all, 1, most_batches);
    for (std::size_t first = 0; first < batches;) {
        const std::size_t count = std::min(batches - first, ranks * batches_of_a_rank);
        std::vector<float> own;
        for (std::size_t b = first + count * rank / ranks; b < first + count * (rank + 1) / ranks; ++b)
            asker.append({b * batch, std::min(batch, images.count() - b * batch)}, own);
        const std::vector<std::byte> bytes = communicator.all_gather(std::as_bytes(std::span(own)));
        const std::size_t had = all.size();
        all.resize(had + bytes.size() / sizeof(float));
        std::memcpy(all.data() + had, bytes.data(), bytes.size());
        first += count;
    }
    return all;
}

}  // namespace atnas::engine
