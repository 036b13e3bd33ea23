// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/nsga2_selection.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "atnas/core/contract.hpp"
#include "atnas/evo/dominance.hpp"

namespace atnas::evo {

namespace {

/// Places of rows, by front and crowding distance; earlier rows first where both are equal.
std::vector<std::size_t> ranked_places(const std::vector<ValueRow>& rows) {
    std::vector<std::size_t> places;
    for (const auto& front : fronts_of(rows)) {
        const std::vector<double> distances = crowding_distances(rows, front);
        std::vector<std::size_t> order(front.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t i) { return distances[i]; });
        for (const std::size_t i : order) places.push_back(front[i]);
    }
    return places;
}

}  // namespace

Nsga2Selection::Nsga2Selection(const SelectionOptions& options, Objectives objectives)
    : Selection(options), objectives_(std::move(objectives)) {}

void Nsga2Selection::rank(Population& population) const {
    std::ranges::sort(population, [&](const auto& a, const auto& b) { return objectives_.better(a, b); });
    const auto is_judged = [&](const Individual& member) {
        return objectives_.are_known(member) && objectives_.excess(member) == 0 && member.fitness != worst_fitness;
    };
    const auto others = std::ranges::stable_partition(population, is_judged);
    // Who stopped early in racing was not asked all that the others were.
    for (auto first = population.begin(); first != others.begin();) {
        const auto last =
            std::find_if(first, others.begin(), [&](const auto& member) { return member.rounds != first->rounds; });
        std::vector<ValueRow> rows;
        for (auto member = first; member != last; ++member) rows.push_back(objectives_.minimised(*member));
        Population ranked;
        for (const std::size_t place : ranked_places(rows))
            ranked.push_back(std::move(*(first + static_cast<std::ptrdiff_t>(place))));
        first = std::ranges::move(ranked, first).out;
    }
}

bool Nsga2Selection::may_replace(const Individual& immigrant, const Population& ranked, std::size_t place) const {
    ATNAS_EXPECT(place < ranked.size());
    if (!objectives_.are_known(immigrant)) return false;
    Population all = ranked;
    all.push_back(immigrant);
    rank(all);
    const auto position = [&](const Individual& wanted) { return std::ranges::find(all, wanted.id, &Individual::id); };
    return position(immigrant) < position(ranked[place]);
}

}  // namespace atnas::evo
