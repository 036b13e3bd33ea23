// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/pixel_values.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "atnas/core/contract.hpp"

namespace atnas::data {

void append_values(std::span<const std::uint8_t> samples, std::vector<float>& values) {
    std::ranges::transform(samples, std::back_inserter(values),
                           [](std::uint8_t sample) { return static_cast<float>(sample) / 255.0F; });
}

double brightness(std::span<const std::uint8_t> samples) {
    ATNAS_EXPECT(!samples.empty());
    // Whole numbers: exact in any order.
    const std::uint64_t sum = std::accumulate(samples.begin(), samples.end(), std::uint64_t{0});
    return static_cast<double>(sum) / 255 / static_cast<double>(samples.size());
}

}  // namespace atnas::data
