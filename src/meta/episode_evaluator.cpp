// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/episode_evaluator.hpp"

#include <cmath>
#include <limits>

#include "atnas/core/contract.hpp"
#include "atnas/meta/tasks_in_flight.hpp"

namespace atnas::meta {

nn::PassResult judged(nn::PassResult result) {
    if (!std::isfinite(result.loss)) result.accuracy = std::numeric_limits<double>::quiet_NaN();
    return result;
}

void judge_episodes(TaskEvaluator& evaluator, std::span<const space::Genotype> genotypes,
                    std::span<const data::Task> tasks, const NextEpisode& next, const EpisodeDone& done) {
    TasksInFlight in_flight(evaluator.plans().supernet());
    while (const auto pair = next()) {
        const data::Task& task = tasks[*pair % tasks.size()];
        TaskPlan& plan = evaluator.queue(genotypes[*pair / tasks.size()], task, in_flight.next());
        in_flight.started([&plan, &done, pair = *pair] { done(pair, judged(plan.query_result())); });
    }
    in_flight.finish();
}

EpisodeEvaluator::EpisodeEvaluator(TaskPlans& plans, std::span<const data::Task> tasks,
                                   const TaskEvaluatorOptions& options)
    : tasks_(tasks), evaluator_(plans, options) {
    ATNAS_EXPECT(!tasks.empty());
}

void EpisodeEvaluator::evaluate(std::span<const space::Genotype> genotypes, const NextEpisode& next,
                                std::span<double> accuracies) {
    ATNAS_EXPECT(accuracies.size() == genotypes.size() * tasks_.size());
    judge_episodes(evaluator_, genotypes, tasks_, next,
                   [&](std::size_t pair, const nn::PassResult& result) { accuracies[pair] = result.accuracy; });
}

}  // namespace atnas::meta
