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
                   PhaseTimes& times, const Ready& ready) {
    const data::EpisodeOptions& options = episodes.options();
    const nn::TaskShape shape{options.way, options.shot, options.query, deck.task.transductive};
    backend::Backend& backend = supernet.backend();
    gradient_.clear();
    const int tasks = share_of_batch(deck.meta.batch, number_, deck.evo.islands);
    std::vector<InFlight> in_flight(static_cast<std::size_t>(supernet.lanes()));
    // The weights, and the sum so far, are what lane 0 left.
    for (int lane = 1; lane < supernet.lanes(); ++lane) backend.wait(supernet.context(lane), supernet.context());
    for (int t = 0; t < tasks; ++t) {
        const int lane = t % supernet.lanes();
        collect(in_flight[static_cast<std::size_t>(lane)], times);
        nn::Plan& plan = supernet.plan(choose_path(deck, iteration, t, space), shape, lane);
        episodes.sample({.seed = deck.run.seed,
                         .purpose = Purpose::train_episode,
                         .island = static_cast<std::uint32_t>(number_),
                         .iteration = static_cast<std::uint32_t>(iteration),
                         .item = static_cast<std::uint32_t>(t)},
                        episode_);
        in_flight[static_cast<std::size_t>(lane)] = {&plan, plan.times()};
        backend::Context& context = supernet.context(lane);
        const auto wait_for_previous = [&] {
            if (t > 0) backend.wait(context, supernet.context((t - 1) % supernet.lanes()));
        };
        if (t == tasks - 1 && ready) {
            wait_for_previous();
            learner.run_last(plan, episode_, gradient_.buffer(), [&](std::size_t first) { ready(context, first); });
        } else {
            learner.run(plan, episode_);
            wait_for_previous();
            learner.contribute(plan, gradient_.buffer());
        }
    }
    for (int t = tasks; t < tasks + supernet.lanes(); ++t)
        collect(in_flight[static_cast<std::size_t>(t % supernet.lanes())], times);
    gradient_.seal();
}

void Island::collect(InFlight& task, PhaseTimes& times) {
    if (task.plan == nullptr) return;
    {
        // Where a backend only queues work, this is where its time is spent.
        const PhaseScope scope(times, Phase::backward);
        gradient_.count_task(task.plan->blocks(), task.plan->query_result());
    }
    for (const Phase phase : {Phase::forward, Phase::backward})
        times.add(phase, task.plan->times().seconds(phase) - task.before.seconds(phase));
    task.plan = nullptr;
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
