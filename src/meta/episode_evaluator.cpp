// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/episode_evaluator.hpp"

#include <cmath>
#include <limits>
#include <numeric>

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
    std::vector<double> accuracies(genotypes.size() * tasks_.size());
    // Genotypes outside, so that each is compiled once however many tasks there are.
    std::size_t item = 0;
    const auto next = [&] { return item < accuracies.size() ? std::optional(item++) : std::nullopt; };
    if (!evaluate(genotypes, next, accuracies)) return {};
    return means(accuracies);
}

bool EpisodeEvaluator::evaluate(std::span<const space::Genotype> genotypes, const Next& next,
                                std::span<double> accuracies) {
    ATNAS_EXPECT(accuracies.size() == genotypes.size() * tasks_.size());
    TaskEvaluator evaluator(plans_, options_.task);
    TasksInFlight in_flight(plans_.supernet());
    while (const auto item = next()) {
        if (options_.interrupted()) {
            in_flight.finish();
            return false;
        }
        const data::Task& task = tasks_[*item % tasks_.size()];
        TaskPlan& plan = evaluator.queue(genotypes[*item / tasks_.size()], task, in_flight.next());
        in_flight.started([&plan, &accuracy = accuracies[*item]] { accuracy = judged(plan.query_result()).accuracy; });
    }
    in_flight.finish();
    return true;
}

std::vector<double> EpisodeEvaluator::means(std::span<const double> accuracies) const {
    std::vector<double> means;
    for (; !accuracies.empty(); accuracies = accuracies.subspan(tasks_.size())) {
        const auto own = accuracies.first(tasks_.size());
        means.push_back(std::accumulate(own.begin(), own.end(), 0.0) / static_cast<double>(tasks_.size()));
    }
    return means;
}

}  // namespace atnas::meta
