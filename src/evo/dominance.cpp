// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/dominance.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "atnas/core/contract.hpp"

namespace atnas::evo {

namespace {

/// Positions in \p front of one row of each kind, the first.
std::vector<std::size_t> distinct_places(std::span<const ValueRow> rows, std::span<const std::size_t> front) {
    std::vector<std::size_t> places(front.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    const auto row_of = [&](std::size_t place) -> const ValueRow& { return rows[front[place]]; };
    std::ranges::stable_sort(places, {}, row_of);
    const auto copies = std::ranges::unique(places, {}, row_of);
    places.erase(copies.begin(), copies.end());
    std::ranges::sort(places);
    return places;
}

}  // namespace

bool dominates(std::span<const double> a, std::span<const double> b) noexcept {
    ATNAS_EXPECT(a.size() == b.size());
    bool smaller = false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] > b[i]) return false;
        smaller = smaller || a[i] < b[i];
    }
    return smaller;
}

std::vector<std::vector<std::size_t>> fronts_of(std::span<const ValueRow> rows) {
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    // Nobody is dominated by a row that comes later in this order.
    std::ranges::stable_sort(order, {}, [&](std::size_t i) -> const ValueRow& { return rows[i]; });
    std::vector<std::vector<std::size_t>> fronts;
    for (const std::size_t i : order) {
        // The newest members are the likeliest to dominate.
        const auto is_free = [&](const std::vector<std::size_t>& front) {
            return std::none_of(front.rbegin(), front.rend(),
                                [&](std::size_t j) { return dominates(rows[j], rows[i]); });
        };
        const auto front = std::ranges::find_if(fronts, is_free);
        if (front == fronts.end())
            fronts.push_back({i});
        else
            front->push_back(i);
    }
    for (auto& front : fronts) std::ranges::sort(front);
    return fronts;
}

std::vector<double> crowding_distances(std::span<const ValueRow> rows, std::span<const std::size_t> front) {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    std::vector<double> distances(front.size(), 0.0);
    std::vector<std::size_t> places = distinct_places(rows, front);
    if (places.size() == 1) distances[places[0]] = infinite;
    if (places.size() < 2) return distances;
    for (std::size_t objective = 0; objective < rows[front[0]].size(); ++objective) {
        const auto value = [&](std::size_t place) { return rows[front[place]][objective]; };
        std::ranges::sort(places);
        std::ranges::stable_sort(places, {}, value);
        const double range = value(places.back()) - value(places.front());
        if (range <= 0) continue;
        distances[places.front()] = distances[places.back()] = infinite;
        for (std::size_t i = 1; i + 1 < places.size(); ++i)
            distances[places[i]] += (value(places[i + 1]) - value(places[i - 1])) / range;
    }
    return distances;
}

}  // namespace atnas::evo
