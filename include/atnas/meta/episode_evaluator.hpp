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

/// A genotype on a task: the genotype's index * tasks + the task's. Nothing = there is no more to do.
using NextEpisode = std::function<std::optional<std::size_t>()>;
/// Gets the result, as judged() leaves it, of such a pair.
using EpisodeDone = std::function<void(std::size_t pair, const nn::PassResult& result)>;
/// Judges the genotypes on the tasks that \p next asks for. The same pair gets the same result, whoever else is asked
/// for.
void judge_episodes(TaskEvaluator& evaluator, std::span<const space::Genotype> genotypes,
                    std::span<const data::Task> tasks, const NextEpisode& next, const EpisodeDone& done);

/// Accuracies of subnets on tasks that are the same for all (common random numbers: what differs is the individual).
/// Valid while the shared weights do not change; running statistics are measured once for every genotype.
class EpisodeEvaluator {
  public:
    /// Keeps references, to the tasks as well. \pre there is a task
    EpisodeEvaluator(TaskPlans& plans, std::span<const data::Task> tasks, const TaskEvaluatorOptions& options);

    /// Sets those of \p accuracies, one for every genotype and task, that \p next asks for; NaN where a loss was not
    /// finite. As judge_episodes().
    void evaluate(std::span<const space::Genotype> genotypes, const NextEpisode& next, std::span<double> accuracies);

  private:
    std::span<const data::Task> tasks_;
    TaskEvaluator evaluator_;
};

}  // namespace atnas::meta
