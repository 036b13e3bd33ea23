// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/migration.hpp"

#include <algorithm>
#include <cstddef>

#include "atnas/core/contract.hpp"
#include "atnas/evo/migration_stream.hpp"
#include "atnas/evo/tournament.hpp"

namespace atnas::evo {

namespace {

/// The member that an immigrant would replace.
std::size_t place_to_take(const Population& population, ReplacementPolicy policy, const Journey& journey, int slot) {
    const std::size_t last = population.size() - 1;
    if (last == 0) return 0;
    switch (policy) {
        case ReplacementPolicy::worst:
            break;
        case ReplacementPolicy::random: {
            RandomStream random = migration_stream({.seed = journey.seed,
                                                    .choice = MigrationChoice::replacement,
                                                    .island = journey.to,
                                                    .generation = journey.generation,
                                                    .other = journey.from,
                                                    .slot = slot});
            return 1 + random.index(static_cast<std::uint32_t>(last));
        }
        case ReplacementPolicy::oldest: {
            std::size_t oldest = last;
            for (std::size_t i = last; i > 0; --i) {
                if (population[i].age > population[oldest].age) oldest = i;
            }
            return oldest;
        }
    }
    return last;
}

Admission admit(Population& population, const Individual& immigrant, std::size_t place, AcceptancePolicy policy,
                const Selection& selection) {
    const bool known = std::ranges::find(population, immigrant.genotype, &Individual::genotype) != population.end();
    if (known) return Admission::duplicate;
    const bool must_be_better = policy == AcceptancePolicy::better || place == 0;
    if (must_be_better && !selection.may_replace(immigrant, population, place)) return Admission::worse;
    population[place] = immigrant;
    selection.rank(population);
    return Admission::accepted;
}

}  // namespace

std::vector<Individual> emigrants(const Population& population, const Journey& journey,
                                  const MigrationOptions& options) {
    ATNAS_EXPECT(options.migrants >= 0);
    std::vector<const Individual*> candidates;
    for (const Individual& member : population)
        if (has_accuracy(member)) candidates.push_back(&member);
    const auto places = static_cast<std::size_t>(options.migrants);
    std::vector<Individual> chosen;
    if (options.emigrants == EmigrantPolicy::best) {
        for (std::size_t i = 0; i < std::min(places, candidates.size()); ++i) chosen.push_back(*candidates[i]);
        return chosen;
    }
    RandomStream random = migration_stream({.seed = journey.seed,
                                            .choice = MigrationChoice::emigrants,
                                            .island = journey.from,
                                            .generation = journey.generation,
                                            .other = journey.to});
    // The winner of a tournament of one is anybody.
    const int contestants = options.emigrants == EmigrantPolicy::random ? 1 : options.tournament;
    while (chosen.size() < places && !candidates.empty()) {
        const std::size_t winner =
            tournament({.members = candidates.size(), .contestants = contestants, .barred = {}}, random);
        chosen.push_back(*candidates[winner]);
        candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(winner));
    }
    return chosen;
}

std::vector<MigrationRecord> immigrate(Population& population, std::span<const Individual> immigrants,
                                       const Journey& journey, const MigrationOptions& options,
                                       const Selection& selection) {
    ATNAS_EXPECT(!population.empty());
    ATNAS_EXPECT(selection.is_ranked(population));
    std::vector<MigrationRecord> records;
    int slot = 0;
    for (const Individual& immigrant : immigrants) {
        const std::size_t place = place_to_take(population, options.replace, journey, slot++);
        const Admission admission = admit(population, immigrant, place, options.accept, selection);
        records.push_back(
            {journey.generation, journey.from, journey.to, admission, immigrant.fitness, immigrant.genotype});
    }
    return records;
}

}  // namespace atnas::evo
