// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/racing.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <map>
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

std::vector<std::size_t> going_on(const Starters& starters, std::span<const std::size_t> racing,
                                  std::span<const Evidence> evidence, const evo::Selection& selection) {
    const std::set<std::size_t> racers(racing.begin(), racing.end());
    std::set<std::size_t> on;
    for (std::size_t i = 0; i < starters.islands.size(); ++i) {
        evo::Population members;
        std::map<std::int64_t, std::size_t> genotype_of;
        std::size_t racing_here = 0;
        for (std::size_t m = 0; m < starters.of_member[i].size(); ++m) {
            const std::size_t genotype = starters.of_member[i][m];
            if (!racers.contains(genotype)) continue;
            ++racing_here;
            if (!std::isfinite(evidence[genotype].fitness)) continue;
            evo::Individual& member = members.emplace_back(starters.islands[i].population()[m]);
            member.fitness = evidence[genotype].fitness;
            member.fitness_error = evidence[genotype].error;
            member.difference_error = 0;
            member.tasks = evidence[genotype].tasks;
            genotype_of[member.id] = genotype;
        }
        selection.rank(members);
        members.resize(std::min(members.size(), (racing_here + 1) / 2));
        for (const evo::Individual& member : members) on.insert(genotype_of.at(member.id));
    }
    return {on.begin(), on.end()};
}

void hold_back(const Starters& starters, std::span<const std::size_t> seen, std::span<Evidence> evidence) {
    const std::set<std::size_t, std::greater<>> stops(seen.begin(), seen.end());
    // Those who went furthest first: whom they hold back may hold back others.
    for (const std::size_t stop : stops) {
        for (const std::vector<std::size_t>& members : starters.of_member) {
            double worst = std::numeric_limits<double>::infinity();
            for (const std::size_t other : members)
                if (seen[other] > stop && std::isfinite(evidence[other].fitness))
                    worst = std::min(worst, evidence[other].fitness);
            for (const std::size_t own : members)
                if (seen[own] == stop && evidence[own].fitness > worst) evidence[own].fitness = worst;
        }
    }
}

}  // namespace atnas::engine
