#include "atnas/evo/migration.hpp"

#include <algorithm>
#include <cmath>

#include "atnas/core/contract.hpp"
#include "atnas/evo/migration_stream.hpp"
#include "atnas/evo/variation.hpp"

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
                                                    .generation = journey.departure,
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

Admission admit(Population& population, const Individual& immigrant, std::size_t place, AcceptancePolicy policy) {
    const bool known = std::ranges::find(population, immigrant.genotype, &Individual::genotype) != population.end();
    if (known) return Admission::duplicate;
    const bool is_better = !std::isnan(immigrant.fitness) && better(immigrant, population[place]);
    const bool must_be_better = policy == AcceptancePolicy::better || place == 0;
    if (must_be_better && !is_better) return Admission::worse;
    population[place] = immigrant;
    rank(population);
    return Admission::accepted;
}

}  // namespace

std::vector<Individual> emigrants(const Population& population, const Journey& journey,
                                  const MigrationOptions& options) {
    ATNAS_EXPECT(std::ranges::is_sorted(population, better));
    ATNAS_EXPECT(options.migrants >= 0);
    Population candidates = population;
    std::erase_if(candidates, [](const Individual& member) {
        return std::isnan(member.fitness) || member.fitness == worst_fitness;
    });
    const auto places = static_cast<std::size_t>(options.migrants);
    if (options.emigrants == EmigrantPolicy::best) {
        candidates.resize(std::min(places, candidates.size()));
        return candidates;
    }
    RandomStream random = migration_stream({.seed = journey.seed,
                                            .choice = MigrationChoice::emigrants,
                                            .island = journey.from,
                                            .generation = journey.departure,
                                            .other = journey.to});
    // The winner of a tournament of one is anybody.
    const int contestants = options.emigrants == EmigrantPolicy::random ? 1 : options.tournament;
    std::vector<Individual> chosen;
    while (chosen.size() < places && !candidates.empty()) {
        const Individual& winner = tournament(candidates, contestants, random);
        chosen.push_back(winner);
        candidates.erase(candidates.begin() + (&winner - candidates.data()));
    }
    return chosen;
}

void immigrate(Population& population, std::span<const Individual> immigrants, const Journey& journey, int generation,
               const MigrationOptions& options, std::vector<MigrationRecord>& log) {
    ATNAS_EXPECT(!population.empty());
    ATNAS_EXPECT(std::ranges::is_sorted(population, better));
    int slot = 0;
    for (const Individual& immigrant : immigrants) {
        const std::size_t place = place_to_take(population, options.replace, journey, slot++);
        const Admission admission = admit(population, immigrant, place, options.accept);
        log.push_back({generation, journey.from, journey.to, admission, immigrant.fitness, immigrant.genotype});
    }
}

}  // namespace atnas::evo
