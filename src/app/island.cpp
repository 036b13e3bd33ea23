#include "atnas/app/island.hpp"

#include <utility>

#include "atnas/app/task_source.hpp"

namespace atnas::app {

Island::Island(int number, evo::Population population, supernet::Supernet& supernet)
    : number_(number),
      population_(std::move(population)),
      gradient_(supernet.backend(), supernet.context(), supernet.weights()) {}

void Island::learn(const Deck& deck, int iteration, const space::SearchSpace& space,
                   const data::EpisodeSampler& episodes, supernet::Supernet& supernet, meta::MetaLearner& learner) {
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
        gradient_.count_task(plan.blocks(), learner.learn(plan, episode_, gradient_.buffer()));
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

void Island::evaluate(space::Evaluator& evaluator, int generation) {
    std::vector<space::Genotype> genotypes;
    for (const evo::Individual& member : population_) genotypes.push_back(member.genotype);
    const std::vector<double> fitness = evaluator.evaluate(genotypes, generation);
    for (std::size_t i = 0; i < fitness.size(); ++i) population_[i].fitness = fitness[i];
    evo::rank(population_);
}

int share_of_batch(int batch, int island, int islands) noexcept {
    return batch / islands + (island < batch % islands ? 1 : 0);
}

}  // namespace atnas::app
