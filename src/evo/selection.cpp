// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/selection.hpp"

#include <algorithm>
#include <utility>

#include "atnas/core/contract.hpp"
#include "atnas/evo/lexicographic_selection.hpp"
#include "atnas/evo/nsga2_selection.hpp"
#include "atnas/evo/tournament.hpp"

namespace atnas::evo {

std::vector<Problem> problems_of(const SelectionOptions& options) {
    std::vector<Problem> problems;
    if (options.elite < 0)
        problems.push_back({"elite = " + std::to_string(options.elite), "it counts members", "try 2"});
    if (options.tournament < 1)
        problems.push_back({"tournament = " + std::to_string(options.tournament), "somebody has to win", "try 2"});
    if (options.max_age < 0)
        problems.push_back(
            {"max_age = " + std::to_string(options.max_age), "it counts generations", "use 0 for no limit"});
    return problems;
}

Selection::Selection(const SelectionOptions& options) : options_(options) {
    ATNAS_EXPECT(problems_of(options).empty());
}

Population Selection::survivors(const Population& ranked, std::size_t places) const {
    Population survivors;
    for (std::size_t i = 0; i < ranked.size() && survivors.size() < places; ++i) {
        const bool is_elite = i < static_cast<std::size_t>(options_.elite);
        const bool over_age = options_.max_age > 0 && ranked[i].age >= options_.max_age;
        if (is_elite || !over_age) survivors.push_back(ranked[i]);
    }
    return survivors;
}

std::size_t Selection::parent(const Population& ranked, std::optional<std::size_t> barred, RandomStream& random) const {
    return tournament({.members = ranked.size(), .contestants = options_.tournament, .barred = barred}, random);
}

bool Selection::is_ranked(const Population& population) const {
    Population sorted = population;
    rank(sorted);
    return std::ranges::equal(sorted, population, {}, &Individual::id, &Individual::id);
}

std::unique_ptr<Selection> make_selection(const SelectionOptions& options, Objectives objectives) {
    if (objectives.count() > 1) return std::make_unique<Nsga2Selection>(options, std::move(objectives));
    return std::make_unique<LexicographicSelection>(options, std::move(objectives));
}

}  // namespace atnas::evo
