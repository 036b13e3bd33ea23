// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/island.hpp"

#include <cmath>
#include <utility>

#include "atnas/core/contract.hpp"
#include "atnas/engine/task_source.hpp"

namespace atnas::app {

Island::Island(int number, evo::Population population) : number_(number), population_(std::move(population)) {}

void Island::learn(const Deck& deck, int iteration, const space::SearchSpace& space,
                   const data::EpisodeSampler& episodes, meta::TasksInFlight& in_flight, meta::MetaLearner& learner,
                   meta::MetaGradient& gradient, PhaseTimes& times, const Ready& ready) {
    const meta::TaskShape shape = meta::shape_of(episodes.options(), deck.task.transductive);
    supernet::Supernet& supernet = in_flight.supernet();
    const int tasks = share_of_batch(deck.meta.batch, number_, deck.evo.islands);
    for (int t = 0; t < tasks; ++t) {
        // Before a lane is waited for: the device is busy with the other tasks meanwhile.
        episodes.sample({.seed = deck.run.seed,
                         .purpose = Purpose::train_episode,
                         .island = static_cast<std::uint32_t>(number_),
                         .iteration = static_cast<std::uint32_t>(iteration),
                         .item = static_cast<std::uint32_t>(t)},
                        task_);
        const space::Genotype path = choose_path(deck, iteration, t, space);
        const int lane = in_flight.next();
        meta::TaskPlan& plan = in_flight.plans().plan(path, shape, lane);
        const PhaseTimes before = plan.times();
        if (t == tasks - 1 && ready) {
            learner.run_last(
                plan, task_, gradient.sum(), [&] { in_flight.wait_for_others(lane); },
                [&](std::size_t first) { ready(supernet.context(lane), first); });
        } else {
            learner.run(plan, task_);
            in_flight.wait_for_previous(lane);
            learner.contribute(plan, gradient.sum());
        }
        in_flight.started(plan,
                          [before, &gradient, &times](meta::TaskPlan& done) { count(done, before, gradient, times); });
    }
}

void Island::count(meta::TaskPlan& plan, const PhaseTimes& before, meta::MetaGradient& gradient, PhaseTimes& times) {
    {
        // Where a backend only queues work, this is where its time is spent.
        const PhaseScope scope(times, Phase::backward);
        gradient.count_task(plan.blocks(), plan.query_result());
    }
    for (const Phase phase : {Phase::forward, Phase::backward})
        times.add(phase, plan.times().seconds(phase) - before.seconds(phase));
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
    return member ? chosen : space.mutate(chosen, deck.evo.evolution.variation.mutation_rate, random);
}

std::optional<std::vector<double>> Island::evaluate(space::Evaluator& evaluator) const {
    std::vector<space::Genotype> genotypes;
    for (const evo::Individual& member : population_) genotypes.push_back(member.genotype);
    return evaluator.evaluate(genotypes);
}

int Island::judge(std::span<const double> fitness, const evo::Selection& selection) {
    ATNAS_EXPECT(fitness.size() == population_.size());
    int broken = 0;
    for (std::size_t i = 0; i < fitness.size(); ++i) {
        const bool finite = std::isfinite(fitness[i]);
        population_[i].fitness = finite ? fitness[i] : evo::worst_fitness;
        broken += finite ? 0 : 1;
    }
    selection.rank(population_);
    return broken;
}

int share_of_batch(int batch, int island, int islands) noexcept {
    return batch / islands + (island < batch % islands ? 1 : 0);
}

}  // namespace atnas::app
