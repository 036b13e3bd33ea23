// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/smooth_targets.hpp"

#include <cstddef>

#include "atnas/core/contract.hpp"

namespace atnas::data {

void smooth_targets(std::span<const int> labels, int classes, double smoothing, std::vector<float>& targets) {
    ATNAS_EXPECT(classes > 0 && 0 <= smoothing && smoothing < 1);
    const double shared = smoothing / classes;
    const auto width = static_cast<std::size_t>(classes);
    targets.assign(labels.size() * width, static_cast<float>(shared));
    for (std::size_t n = 0; n < labels.size(); ++n) {
        ATNAS_EXPECT(0 <= labels[n] && labels[n] < classes);
        targets[n * width + static_cast<std::size_t>(labels[n])] = static_cast<float>(1 - smoothing + shared);
    }
}

}  // namespace atnas::data
