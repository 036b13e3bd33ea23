// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/shared_prediction.hpp"

#include <algorithm>
#include <cstring>

#include "atnas/core/contract.hpp"

namespace atnas::engine {

std::vector<float> shared_probabilities(Ensemble& ensemble, const PixelView& images, std::size_t batch,
                                        const comm::Communicator& communicator) {
    ATNAS_EXPECT(batch > 0 && images.pixels.size() % images.size == 0);
    const std::size_t batches = (images.count() + batch - 1) / batch;
    const auto ranks = static_cast<std::size_t>(communicator.size());
    const auto rank = static_cast<std::size_t>(communicator.rank());
    std::vector<float> own;
    std::vector<float> values;
    for (std::size_t b = batches * rank / ranks; b < batches * (rank + 1) / ranks; ++b) {
        const std::size_t first = b * batch;
        const std::size_t count = std::min(batch, images.count() - first);
        values.clear();
        for (const std::uint8_t sample : images.pixels.subspan(first * images.size, count * images.size))
            values.push_back(static_cast<float>(sample) / 255.0f);
        const std::vector<float> some = ensemble.probabilities(values);
        own.insert(own.end(), some.begin(), some.end());
    }
    const std::vector<std::byte> bytes = communicator.all_gather(std::as_bytes(std::span(own)));
    std::vector<float> all(bytes.size() / sizeof(float));
    std::memcpy(all.data(), bytes.data(), bytes.size());
    return all;
}

}  // namespace atnas::engine
