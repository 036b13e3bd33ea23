// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/tournament_selection.hpp"

#include <algorithm>
#include <utility>

#include "atnas/core/contract.hpp"
#include "atnas/evo/tournament.hpp"

namespace atnas::evo {

TournamentSelection::TournamentSelection(const SelectionOptions& options, Objectives objectives)
    : options_(options), objectives_(std::move(objectives)) {
    ATNAS_EXPECT(problems_of(options).empty());
}

void TournamentSelection::rank(Population& population) const {
    std::ranges::sort(population, [&](const Individual& a, const Individual& b) { return objectives_.better(a, b); });
}

Population TournamentSelection::survivors(const Population& ranked, std::size_t places) const {
    Population survivors;
    for (std::size_t i = 0; i < ranked.size() && survivors.size() < places; ++i) {
        const bool is_elite = i < static_cast<std::size_t>(options_.elite);
        const bool over_age = options_.max_age > 0 && ranked[i].age >= options_.max_age;
        if (is_elite || !over_age) survivors.push_back(ranked[i]);
    }
    return survivors;
}

std::size_t TournamentSelection::parent(const Population& ranked, std::optional<std::size_t> barred,
                                        RandomStream& random) const {
    return tournament({.members = ranked.size(), .contestants = options_.tournament, .barred = barred}, random);
}

bool TournamentSelection::may_replace(const Individual& immigrant, const Population& ranked, std::size_t place) const {
    return objectives_.are_known(immigrant) && objectives_.better(immigrant, ranked[place]);
}

}  // namespace atnas::evo
