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

EpisodeEvaluator::EpisodeEvaluator(TaskPlans& plans, std::span<const data::Task> tasks, const EvaluatorOptions& options)
    : plans_(plans), tasks_(tasks), options_(options) {
    ATNAS_EXPECT(!tasks.empty());
}

std::optional<std::vector<double>> EpisodeEvaluator::evaluate(std::span<const space::Genotype> genotypes) {
    const Adaptation adaptation(options_.adaptation);
    std::vector<double> fitness(genotypes.size());
    TasksInFlight in_flight(plans_);
    // Genotypes outside, so that each is compiled once however many tasks there are.
    for (std::size_t g = 0; g < genotypes.size(); ++g) {
        for (const data::Task& task : tasks_) {
            if (options_.interrupted()) {
                in_flight.finish();
                return {};
            }
            TaskPlan& plan = plans_.plan(genotypes[g], shape_of(task, options_.transductive), in_flight.next());
            adaptation.queue(plan, task);
            in_flight.started(plan,
                              [&sum = fitness[g]](TaskPlan& done) { sum += judged(done.query_result()).accuracy; });
        }
    }
    in_flight.finish();
    for (double& sum : fitness) sum /= static_cast<double>(tasks_.size());
    return fitness;
}

}  // namespace atnas::meta
