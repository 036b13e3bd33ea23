// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/generation.hpp"

#include <utility>

#include "atnas/engine/distinct_genotypes.hpp"
#include "atnas/engine/work_list.hpp"
#include "atnas/nn/averaged_values.hpp"

namespace atnas::engine {

Generation::Generation(const Place& place, data::EpisodeSampler episodes, std::vector<data::Task> training,
                       const GenerationOptions& options)
    : place_(place),
      episodes_(std::move(episodes)),
      training_(std::move(training)),
      options_(options),
      tasks_(static_cast<std::size_t>(options.tasks)) {}

meta::TaskShape Generation::shape() const {
    return meta::shape_of(episodes_.options(), options_.statistics);
}

void Generation::draw_tasks(int number) {
    for (std::size_t t = 0; t < tasks_.size(); ++t)
        episodes_.sample({.seed = options_.seed,
                          .purpose = Purpose::fitness_episode,
                          .iteration = static_cast<std::uint32_t>(number),
                          .item = static_cast<std::uint32_t>(t)},
                         tasks_[t]);
}

WorkList Generation::work_of(std::span<const Island> islands) {
    DistinctGenotypes distinct = distinct_genotypes(islands, place_.net.space());
    WorkList work = place_.sharing.begin(evaluation_items(distinct, options_.tasks, place_.communicator.size()));
    genotypes_.clear();
    for (DistinctGenotype& each : distinct.genotypes) genotypes_.push_back(std::move(each.genotype));
    of_member_ = std::move(distinct.of_member);
    accuracies_.assign(genotypes_.size() * tasks_.size(), 0.0);
    return work;
}

bool Generation::evaluate(std::span<const Island> islands, int number, const std::function<bool()>& interrupted) {
    const PhaseScope scope(place_.times, Phase::evaluation);
    draw_tasks(number);
    WorkList work = work_of(islands);
    const auto next = [&] { return work.take(); };
    const nn::AveragedValues averaged(place_.net.supernet().weights());
    const bool done = evaluator(interrupted).evaluate(genotypes_, next, accuracies_);
    place_.sharing.end(work);
    if (!done) of_member_.clear();
    return done;
}

meta::EpisodeEvaluator Generation::evaluator(const std::function<bool()>& interrupted) {
    return {place_.net.plans(),
            tasks_,
            {.task = {options_.adaptation, options_.statistics, training_}, .interrupted = interrupted}};
}

int Generation::judge(std::span<Island> islands, const evo::Selection& selection) {
    {
        const PhaseScope scope(place_.times, Phase::reduction);
        place_.communicator.sum(accuracies_);
    }
    ATNAS_EXPECT(of_member_.size() == islands.size());
    const std::vector<double> fitness = evaluator().means(accuracies_);
    int broken = 0;
    for (std::size_t i = 0; i < islands.size(); ++i) {
        std::vector<double> values;
        for (const std::size_t genotype : of_member_[i]) values.push_back(fitness[genotype]);
        broken += islands[i].judge(values, selection);
    }
    return broken;
}

}  // namespace atnas::engine
