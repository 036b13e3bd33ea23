// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Fitness of subnets: accuracy after adaptation on fixed tasks.

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "atnas/data/task.hpp"
#include "atnas/meta/adaptation.hpp"
#include "atnas/meta/task_plans.hpp"
#include "atnas/space/evaluator.hpp"

namespace atnas::meta {

/// The result with NaN for the accuracy where the loss is not finite: it would mean nothing.
nn::PassResult judged(nn::PassResult result);

struct EvaluatorOptions {
    AdaptationOptions adaptation{};
    Transductive transductive{Transductive::yes};
    std::function<bool()> interrupted{[] { return false; }};  ///< asked before every task; yes ends the evaluation
};

/// Mean query accuracy over the tasks, which are the same for all (common random numbers: what differs is the
/// individual).
class EpisodeEvaluator final : public space::Evaluator {
  public:
    /// Keeps references, to the tasks as well. \pre there is a task
    EpisodeEvaluator(TaskPlans& plans, std::span<const data::Task> tasks, const EvaluatorOptions& options);

    std::optional<std::vector<double>> evaluate(std::span<const space::Genotype> genotypes) override;

  private:
    TaskPlans& plans_;
    std::span<const data::Task> tasks_;
    EvaluatorOptions options_;
};

}  // namespace atnas::meta
