// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "atnas/core/contract.hpp"

namespace atnas::engine {

Interval wilson_interval(std::int64_t right, std::int64_t count) {
    ATNAS_EXPECT(0 <= right && right <= count && count > 0);
    constexpr double z = 1.959963984540054;  // 97.5 % of a normal distribution
    const auto n = static_cast<double>(count);
    const double share = static_cast<double>(right) / n;
    const double centre = (share + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

std::size_t most_probable(std::span<const float> probabilities) {
    ATNAS_EXPECT(!probabilities.empty());
    return static_cast<std::size_t>(std::ranges::max_element(probabilities) - probabilities.begin());
}

double share_right(std::span<const float> probabilities, std::span<const int> labels) {
    ATNAS_EXPECT(!labels.empty() && probabilities.size() % labels.size() == 0);
    const std::size_t classes = probabilities.size() / labels.size();
    std::size_t right = 0;
    for (std::size_t n = 0; n < labels.size(); ++n) {
        const auto row = probabilities.subspan(n * classes, classes);
        const bool numbers = std::ranges::none_of(row, [](float p) { return std::isnan(p); });
        if (numbers && most_probable(row) == static_cast<std::size_t>(labels[n])) ++right;
    }
    return static_cast<double>(right) / static_cast<double>(labels.size());
}

double entropy(std::span<const float> probabilities) {
    double sum = 0;
    for (const float p : probabilities)
        if (p > 0) sum -= static_cast<double>(p) * std::log(static_cast<double>(p));
    return sum;
}

double cross_entropy(std::span<const float> probabilities, int label) {
    ATNAS_EXPECT(label >= 0 && static_cast<std::size_t>(label) < probabilities.size());
    const float probability = probabilities[static_cast<std::size_t>(label)];
    if (std::isnan(probability)) return std::numeric_limits<double>::infinity();
    return -std::log(std::max<double>(probability, std::numeric_limits<float>::denorm_min()));
}

double mean_cross_entropy(std::span<const float> probabilities, std::span<const int> labels) {
    ATNAS_EXPECT(!labels.empty() && probabilities.size() % labels.size() == 0);
    const std::size_t classes = probabilities.size() / labels.size();
    double sum = 0;
    for (std::size_t n = 0; n < labels.size(); ++n)
        sum += cross_entropy(probabilities.subspan(n * classes, classes), labels[n]);
    return sum / static_cast<double>(labels.size());
}

double calibration_error(std::span<const float> probabilities, std::span<const int> labels, std::size_t bins) {
    ATNAS_EXPECT(!labels.empty() && probabilities.size() % labels.size() == 0 && bins > 0);
    const std::size_t classes = probabilities.size() / labels.size();
    std::vector<double> surplus(bins, 0.0);  // of confidence over right ones
    for (std::size_t n = 0; n < labels.size(); ++n) {
        const auto row = probabilities.subspan(n * classes, classes);
        const std::size_t best = most_probable(row);
        const auto confidence = static_cast<double>(row[best]);
        // Bin b holds what is above b / bins, up to (b + 1) / bins.
        const auto bin = static_cast<std::size_t>(std::max(0.0, std::ceil(confidence * static_cast<double>(bins)) - 1));
        surplus[std::min(bin, bins - 1)] += confidence - (static_cast<int>(best) == labels[n] ? 1 : 0);
    }
    double sum = 0;
    for (const double of_bin : surplus) sum += std::abs(of_bin);
    return sum / static_cast<double>(labels.size());
}

}  // namespace atnas::engine
