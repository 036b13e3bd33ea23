// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/shared_prediction.hpp"

#include <algorithm>
#include <cstring>

#include "atnas/core/contract.hpp"
#include "atnas/data/pixel_values.hpp"

namespace atnas::engine {
namespace {

struct Range {
    std::size_t first, count;
};

void append_batch(Ensemble& ensemble, const PixelView& images, Range range, std::vector<float>& probabilities) {
    std::vector<float> values;
    data::append_values(images.pixels.subspan(range.first * images.size, range.count * images.size), values);
    const std::vector<float> some = ensemble.probabilities(values);
    probabilities.insert(probabilities.end(), some.begin(), some.end());
}

}  // namespace

std::vector<float> shared_probabilities(Ensemble& ensemble, const PixelView& images, std::size_t batch,
                                        const comm::Communicator& communicator) {
    ATNAS_EXPECT(batch > 0 && images.pixels.size() % images.size == 0);
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
            append_batch(ensemble, images, {b * batch, std::min(batch, images.count() - b * batch)}, own);
        const std::vector<std::byte> bytes = communicator.all_gather(std::as_bytes(std::span(own)));
        const std::size_t had = all.size();
        all.resize(had + bytes.size() / sizeof(float));
        std::memcpy(all.data() + had, bytes.data(), bytes.size());
        first += count;
    }
    return all;
}

}  // namespace atnas::engine
