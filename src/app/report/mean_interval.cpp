// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/mean_interval.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include "atnas/core/contract.hpp"

namespace atnas::app {

MeanInterval mean_interval(std::span<const double> values) {
    ATNAS_EXPECT(!values.empty());
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double squares = 0.0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    return {mean, n > 1 ? 1.96 * std::sqrt(squares / (n - 1) / n) : std::numeric_limits<double>::quiet_NaN()};
}

}  // namespace atnas::app
