// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/softmax.hpp"

#include <algorithm>
#include <cmath>

#include "atnas/core/contract.hpp"

namespace atnas::engine {

std::vector<float> softmax(std::span<const float> logits, std::size_t classes) {
    ATNAS_EXPECT(classes > 0 && logits.size() % classes == 0);
    std::vector<float> probabilities;
    probabilities.reserve(logits.size());
    for (std::size_t first = 0; first < logits.size(); first += classes) {
        const auto row = logits.subspan(first, classes);
        const double most = *std::ranges::max_element(row);
        double sum = 0;
        for (const double value : row) sum += std::exp(value - most);
        for (const double value : row) probabilities.push_back(static_cast<float>(std::exp(value - most) / sum));
    }
    return probabilities;
}

}  // namespace atnas::engine
