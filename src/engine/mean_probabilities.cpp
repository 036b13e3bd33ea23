// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/mean_probabilities.hpp"

#include <algorithm>

#include "atnas/core/contract.hpp"

namespace atnas::engine {

void MeanProbabilities::add(std::span<const float> probabilities) {
    ATNAS_EXPECT(count_ == 0 || probabilities.size() == sum_.size());
    sum_.resize(probabilities.size(), 0.0);
    std::ranges::transform(sum_, probabilities, sum_.begin(), [](double a, float b) { return a + b; });
    ++count_;
}

std::vector<float> MeanProbabilities::values() const {
    ATNAS_EXPECT(count_ > 0);
    std::vector<float> mean;
    mean.reserve(sum_.size());
    for (const double value : sum_) mean.push_back(static_cast<float>(value / count_));
    return mean;
}

}  // namespace atnas::engine
