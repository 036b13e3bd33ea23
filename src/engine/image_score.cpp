// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/image_score.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "atnas/backend/exact_sum.hpp"
#include "atnas/core/contract.hpp"

namespace atnas::engine {
namespace {

enum Total : std::size_t { right, loss, unfit, totals };

// A loss is summed as a whole number, so that the sum has the same bits in any order.
constexpr int fraction_bits = 32;
constexpr double largest_loss = 0x1p10;  ///< of an image, as cross_entropy() bounds it

}  // namespace

ImageScore score(Predictor& network, const data::ImageList& images, int batch, const comm::Communicator& communicator) {
    ATNAS_EXPECT(images.count() > 0 && batch > 0);
    const auto step = static_cast<std::size_t>(batch);
    const auto classes = static_cast<std::size_t>(network.classes());
    std::array<std::int64_t, totals> sums{};
    const auto ranks = static_cast<std::size_t>(communicator.size());
    for (auto first = static_cast<std::size_t>(communicator.rank()) * step; first < images.count();
         first += ranks * step) {
        const std::size_t count = std::min(step, images.count() - first);
        const std::vector<float> probabilities = network.probabilities(images.pixels(first, count));
        for (std::size_t n = 0; n < count; ++n) {
            const auto row = std::span(probabilities).subspan(n * classes, classes);
            const int label = images.label(first + n);
            const double of_image = cross_entropy(row, label);
            if (!std::isfinite(of_image)) {
                ++sums[unfit];
                continue;
            }
            if (static_cast<int>(most_probable(row)) == label) ++sums[right];
            sums[loss] += *backend::fixed_point(of_image, largest_loss, fraction_bits);
        }
    }
    communicator.sum(sums);
    ImageScore score{.images = static_cast<std::int64_t>(images.count()), .right = sums[right]};
    score.loss = sums[unfit] > 0
                     ? std::numeric_limits<double>::infinity()
                     : std::ldexp(static_cast<double>(sums[loss]), -fraction_bits) / static_cast<double>(score.images);
    return score;
}

}  // namespace atnas::engine
