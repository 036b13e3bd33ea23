// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/pixel_values.hpp"

#include <algorithm>
#include <iterator>

namespace atnas::data {

void append_values(std::span<const std::uint8_t> samples, std::vector<float>& values) {
    std::ranges::transform(samples, std::back_inserter(values),
                           [](std::uint8_t sample) { return static_cast<float>(sample) / 255.0F; });
}

}  // namespace atnas::data
