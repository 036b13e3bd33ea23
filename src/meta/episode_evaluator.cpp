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

EpisodeEvaluator::EpisodeEvaluator(TaskPlans& plans, std::span<const data::Task> tasks,
                                   const TaskEvaluatorOptions& options)
    : tasks_(tasks), evaluator_(plans, options) {
    ATNAS_EXPECT(!tasks.empty());
}

void EpisodeEvaluator::evaluate(std::span<const space::Genotype> genotypes, const Next& next,
                                std::span<double> accuracies) {
    ATNAS_EXPECT(accuracies.size() == genotypes.size() * tasks_.size());
    TasksInFlight in_flight(evaluator_.plans().supernet());
    while (const auto item = next()) {
        const data::Task& task = tasks_[*item % tasks_.size()];
        TaskPlan& plan = evaluator_.queue(genotypes[*item / tasks_.size()], task, in_flight.next());
        in_flight.started([&plan, &accuracy = accuracies[*item]] { accuracy = judged(plan.query_result()).accuracy; });
    }
    in_flight.finish();
}

}  // namespace atnas::meta
