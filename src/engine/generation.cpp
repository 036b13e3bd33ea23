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

void Generation::take_in(std::span<const Island> islands) {
    distinct_ = distinct_genotypes(islands, place_.net.space());
    former_.assign(distinct_.genotypes.size(), {});
    for (std::size_t i = 0; i < islands.size(); ++i) {
        const evo::Population& members = islands[i].population();
        for (std::size_t m = 0; m < members.size(); ++m)
            // Whoever stands for a genotype was judged as all others of it.
            if (has_accuracy(members[m]))
                former_[distinct_.of_member[i][m]] = {members[m].fitness, members[m].fitness_error, members[m].tasks};
    }
    accuracies_.assign(distinct_.genotypes.size() * tasks_.size(), 0.0);
}

bool Generation::evaluate(std::span<const Island> islands, int number, const std::function<bool()>& interrupted) {
    const PhaseScope scope(place_.times, Phase::evaluation);
    draw_tasks(number);
    take_in(islands);
    std::vector<space::Genotype> genotypes;
    for (const DistinctGenotype& each : distinct_.genotypes) genotypes.push_back(each.genotype);
    WorkList work = place_.sharing.begin(evaluation_items(distinct_, options_.tasks, place_.communicator.size()));
    const auto next = [&] { return work.take(); };
    const nn::AveragedValues averaged(place_.net.supernet().weights());
    const bool done = evaluator(interrupted).evaluate(genotypes, next, accuracies_);
    place_.sharing.end(work);
    if (!done) distinct_ = {};
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
    ATNAS_EXPECT(distinct_.of_member.size() == islands.size());
    Accuracies accuracies;
    for (auto row = accuracies_.begin(); row != accuracies_.end(); row += options_.tasks)
        accuracies.emplace_back(row, row + options_.tasks);
    std::vector<Evidence> evidence = evidence_of(accuracies);
    remember(evidence, former_, options_.memory);
    int broken = 0;
    for (std::size_t i = 0; i < islands.size(); ++i) {
        std::vector<Evidence> values;
        for (const std::size_t genotype : distinct_.of_member[i]) values.push_back(evidence[genotype]);
        broken += islands[i].judge(values, selection);
    }
    return broken;
}

}  // namespace atnas::engine
