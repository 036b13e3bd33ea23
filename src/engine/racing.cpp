// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/racing.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "atnas/core/contract.hpp"

namespace atnas::engine {

int most_rounds(int tasks) noexcept {
    return static_cast<int>(std::bit_width(static_cast<unsigned>(tasks)));
}

std::vector<std::size_t> round_ends(int tasks, int rounds) {
    ATNAS_EXPECT(rounds > 0 && rounds <= most_rounds(tasks));
    std::vector<std::size_t> ends;
    for (int halvings = rounds - 1; halvings >= 0; --halvings)
        ends.push_back(static_cast<std::size_t>(tasks) >> halvings);
    return ends;
}

namespace {

/// On island \p i; nobody who is broken.
std::optional<std::size_t> guarded_place(const Starters& starters, std::size_t i, std::span<const Evidence> evidence) {
    if (starters.guard == Guard::nobody) return std::nullopt;
    // Survivors come first, best first.
    const evo::Population& population = starters.islands[i].population();
    if (population.front().age == 0 || !std::isfinite(evidence[starters.of_member[i][0]].fitness)) return std::nullopt;
    return 0;
}

}  // namespace

Racers going_on(const Starters& starters, const Racers& racing, std::span<const Evidence> evidence,
                const evo::Selection& selection) {
    Racers on(racing.size());
    for (std::size_t i = 0; i < racing.size(); ++i) {
        evo::Population members;
        std::map<std::int64_t, std::size_t> place_of;
        for (const std::size_t m : racing[i]) {
            const Evidence& own = evidence[starters.of_member[i][m]];
            if (!std::isfinite(own.fitness)) continue;
            evo::Individual& member = members.emplace_back(starters.islands[i].population()[m]);
            member.fitness = own.fitness;
            member.fitness_error = own.error;
            member.difference_error = 0;
            member.tasks = own.tasks;
            member.rounds = 0;
            place_of[member.id] = m;
        }
        selection.rank(members);
        members.resize(std::min(members.size(), (racing[i].size() + 1) / 2));
        std::set<std::size_t> places;
        for (const evo::Individual& member : members) places.insert(place_of.at(member.id));
        if (const auto guarded = guarded_place(starters, i, evidence)) places.insert(*guarded);
        on[i].assign(places.begin(), places.end());
    }
    return on;
}

std::vector<std::size_t> genotypes_of(const Starters& starters, const Racers& racing) {
    std::set<std::size_t> genotypes;
    for (std::size_t i = 0; i < racing.size(); ++i)
        for (const std::size_t m : racing[i]) genotypes.insert(starters.of_member[i][m]);
    return {genotypes.begin(), genotypes.end()};
}

}  // namespace atnas::engine
