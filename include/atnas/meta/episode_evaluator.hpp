// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Fitness of subnets: accuracy after adaptation on fixed tasks.

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "atnas/data/task.hpp"
#include "atnas/meta/task_evaluator.hpp"
#include "atnas/meta/task_plans.hpp"
#include "atnas/space/genotype.hpp"

namespace atnas::meta {

/// The result with NaN for the accuracy where the loss is not finite: it would mean nothing.
nn::PassResult judged(nn::PassResult result);

struct EvaluatorOptions {
    TaskEvaluatorOptions task{};
    std::function<bool()> interrupted{[] { return false; }};  ///< asked before every task; yes ends the evaluation
};

/// Accuracies of subnets on tasks that are the same for all (common random numbers: what differs is the individual).
class EpisodeEvaluator {
  public:
    /// Keeps references, to the tasks as well. \pre there is a task
    EpisodeEvaluator(TaskPlans& plans, std::span<const data::Task> tasks, const EvaluatorOptions& options);

    /// Mean accuracy of each genotype over the tasks, in the same order; NaN where a loss was not finite. The same
    /// genotype gets the same value while the weights are the same. Nothing when the evaluation was interrupted.
    std::optional<std::vector<double>> evaluate(std::span<const space::Genotype> genotypes);

    /// A genotype on a task: the genotype's index * tasks + the task's. Nothing = there is no more to do.
    using Next = std::function<std::optional<std::size_t>()>;
    /// The same piece by piece: sets those of \p accuracies, one for every genotype and task, that \p next asks for.
    /// false when the evaluation was interrupted.
    bool evaluate(std::span<const space::Genotype> genotypes, const Next& next, std::span<double> accuracies);
    /// Mean over the tasks, added in their order, for every genotype.
    std::vector<double> means(std::span<const double> accuracies) const;

  private:
    TaskPlans& plans_;
    std::span<const data::Task> tasks_;
    EvaluatorOptions options_;
};

}  // namespace atnas::meta
