// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/path_sampler.hpp"

namespace atnas::engine {
namespace {

double mean_macs(const evo::Population& population) noexcept {
    double sum = 0;
    for (const evo::Individual& member : population) sum += static_cast<double>(member.macs);
    return sum / static_cast<double>(population.size());
}

}  // namespace

double PathOptions::chance_of_population(int iteration) const noexcept {
    if (iteration >= finalists_from) return 1.0;
    if (iteration >= sample_ramp) return sample_population;
    const double passed = static_cast<double>(iteration) / sample_ramp;
    return sample_population_start + (sample_population - sample_population_start) * passed;
}

PathSampler::PathSampler(const space::SearchSpace& space, const PathOptions& options, double mutation_rate,
                         std::uint64_t seed)
    : space_(space), options_(options), mutation_rate_(mutation_rate), seed_(seed) {}

PathSampler::Draw PathSampler::draw(const Island& island, const TaskPlace& place) const {
    const evo::Population& population = island.population();
    RandomStream random({.seed = seed_,
                         .purpose = Purpose::path,
                         .island = static_cast<std::uint32_t>(island.number()),
                         .iteration = static_cast<std::uint32_t>(place.iteration),
                         .item = static_cast<std::uint32_t>(place.task)});
    const bool trains_member = random.chance(options_.chance_of_population(place.iteration));
    if (!trains_member && options_.explore == Explore::uniform) return {Origin::anywhere, nullptr, random};
    if (!trains_member && options_.explore == Explore::fair) return {Origin::fair, nullptr, random};
    const evo::Individual& member = population[random.index(static_cast<std::uint32_t>(population.size()))];
    return {trains_member ? Origin::member : Origin::mutant, &member, random};
}

space::Genotype PathSampler::choose(const Island& island, const TaskPlace& place) const {
    Draw drawn = draw(island, place);
    switch (drawn.origin) {
        case Origin::anywhere:
            return space_.canonical(space_.sample(drawn.random));
        case Origin::fair:
            return space_.canonical(space_.fair(place.number, seed_));
        case Origin::mutant:
            return space_.canonical(space_.mutate(drawn.member->genotype, mutation_rate_, drawn.random));
        case Origin::member:
            break;
    }
    return space_.canonical(drawn.member->genotype);
}

double PathSampler::expected_macs(const Island& island, const TaskPlace& place) const {
    const Draw drawn = draw(island, place);
    return drawn.member != nullptr ? static_cast<double>(drawn.member->macs) : mean_macs(island.population());
}

}  // namespace atnas::engine
