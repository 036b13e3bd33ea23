// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/lexicographic_selection.hpp"

#include <algorithm>
#include <utility>

namespace atnas::evo {

LexicographicSelection::LexicographicSelection(const SelectionOptions& options, Objectives objectives)
    : Selection(options), objectives_(std::move(objectives)) {}

void LexicographicSelection::rank(Population& population) const {
    std::ranges::sort(population, [&](const Individual& a, const Individual& b) { return objectives_.better(a, b); });
}

bool LexicographicSelection::may_replace(const Individual& immigrant, const Population& ranked,
                                         std::size_t place) const {
    return objectives_.are_known(immigrant) && objectives_.better(immigrant, ranked[place]);
}

}  // namespace atnas::evo
