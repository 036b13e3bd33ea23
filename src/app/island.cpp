#include "atnas/app/island.hpp"

#include <cmath>
#include <utility>

#include "atnas/app/task_source.hpp"
#include "atnas/core/contract.hpp"

namespace atnas::app {

Island::Island(int number, evo::Population population, supernet::Supernet& supernet)
    : number_(number),
      population_(std::move(population)),
      gradient_(supernet.backend(), supernet.context(), supernet.weights()) {}

void Island::learn(const Deck& deck, int iteration, const space::SearchSpace& space,
                   const data::EpisodeSampler& episodes, supernet::Supernet& supernet, meta::MetaLearner& learner,
                   PhaseTimes& times) {
    const data::EpisodeOptions& task = episodes.options();
    const nn::TaskShape shape{task.way, task.shot, task.query, deck.task.transductive};
    gradient_.clear();
    const int tasks = share_of_batch(deck.meta.batch, number_, deck.evo.islands);
    for (int t = 0; t < tasks; ++t) {
        nn::Plan& plan = supernet.plan(choose_path(deck, iteration, t, space), shape);
        episodes.sample({.seed = deck.run.seed,
                         .purpose = Purpose::train_episode,
                         .island = static_cast<std::uint32_t>(number_),
                         .iteration = static_cast<std::uint32_t>(iteration),
                         .item = static_cast<std::uint32_t>(t)},
                        episode_);
        const PhaseTimes before = plan.times();
        gradient_.count_task(plan.blocks(), learner.learn(plan, episode_, gradient_.buffer()));
        for (const Phase phase : {Phase::forward, Phase::backward})
            times.add(phase, plan.times().seconds(phase) - before.seconds(phase));
    }
    gradient_.seal();
}

space::Genotype Island::choose_path(const Deck& deck, int iteration, int task, const space::SearchSpace& space) const {
    RandomStream random({.seed = deck.run.seed,
                         .purpose = Purpose::path,
                         .island = static_cast<std::uint32_t>(number_),
                         .iteration = static_cast<std::uint32_t>(iteration),
                         .item = static_cast<std::uint32_t>(task)});
    const bool member = random.chance(deck.evo.chance_of_population(iteration));
    if (!member && deck.evo.explore == Explore::uniform) return space.sample(random);
    const auto& chosen = population_[random.index(static_cast<std::uint32_t>(population_.size()))].genotype;
    return member ? chosen : space.mutate(chosen, deck.evo.evolution.mutation_rate, random);
}

std::optional<std::vector<double>> Island::evaluate(space::Evaluator& evaluator, int generation) const {
    std::vector<space::Genotype> genotypes;
    for (const evo::Individual& member : population_) genotypes.push_back(member.genotype);
    return evaluator.evaluate(genotypes, generation);
}

int Island::judge(std::span<const double> fitness) {
    ATNAS_EXPECT(fitness.size() == population_.size());
    int broken = 0;
    for (std::size_t i = 0; i < fitness.size(); ++i) {
        const bool finite = std::isfinite(fitness[i]);
        population_[i].fitness = finite ? fitness[i] : evo::worst_fitness;
        broken += finite ? 0 : 1;
    }
    evo::rank(population_);
    return broken;
}

int share_of_batch(int batch, int island, int islands) noexcept {
    return batch / islands + (island < batch % islands ? 1 : 0);
}

}  // namespace atnas::app
