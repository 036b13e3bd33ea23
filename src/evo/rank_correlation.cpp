// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/rank_correlation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "atnas/core/contract.hpp"

namespace atnas::evo {
namespace {

/// Less the mean rank, so that they sum up to 0. Halves of integers: exact.
std::vector<double> centred_ranks(std::span<const double> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
    std::vector<double> ranks(values.size());
    const double mean = 0.5 * static_cast<double>(values.size() - 1);
    for (std::size_t first = 0; first < order.size();) {
        std::size_t end = first + 1;
        while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
        for (std::size_t i = first; i < end; ++i) ranks[order[i]] = 0.5 * static_cast<double>(first + end - 1) - mean;
        first = end;
    }
    return ranks;
}

}  // namespace

std::optional<double> rank_correlation(std::span<const double> a, std::span<const double> b) {
    constexpr std::size_t fewest = 3;
    ATNAS_EXPECT(a.size() == b.size());
    if (a.size() < fewest) return std::nullopt;
    const std::vector<double> x = centred_ranks(a);
    const std::vector<double> y = centred_ranks(b);
    const auto product = [](const auto& u, const auto& v) {
        return std::inner_product(u.begin(), u.end(), v.begin(), 0.0);
    };
    const double scale = product(x, x) * product(y, y);
    if (scale == 0) return std::nullopt;
    return std::clamp(product(x, y) / std::sqrt(scale), -1.0, 1.0);
}

}  // namespace atnas::evo
