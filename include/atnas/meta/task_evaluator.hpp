// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How a subnet is judged on a task, by fitness and by `atnas evaluate` alike.

#include <optional>
#include <span>

#include "atnas/data/task.hpp"
#include "atnas/meta/adaptation.hpp"
#include "atnas/meta/running_moments.hpp"
#include "atnas/meta/task_plans.hpp"
#include "atnas/space/genotype.hpp"

namespace atnas::meta {

struct TaskEvaluatorOptions {
    AdaptationOptions adaptation{};
    Statistics statistics{Statistics::query};
    /// Statistics::running: training tasks to average over; they outlive the evaluator.
    std::span<const data::Task> training{};
};

/// Valid while the shared weights do not change.
class TaskEvaluator {
  public:
    /// Keeps a reference. \pre there are training tasks where the statistics ask for them
    TaskEvaluator(TaskPlans& plans, const TaskEvaluatorOptions& options);

    TaskPlans& plans() noexcept { return plans_; }
    /// Adapts a subnet to the task and runs the query on a lane. Only queues it: the result is the plan's
    /// query_result(). \pre no task is in flight on the lane
    TaskPlan& queue(const space::Genotype& genotype, const data::Task& task, int lane);
    /// Asks the plan of queue() for other queries of its task. Only queues it as well. \pre as many as the task's, and
    /// nothing else was queued on the lane since
    void queue_queries(TaskPlan& plan, const data::Task& task, const data::LabelledImages& queries) const;
    /// Forgets the running statistics of subnets; they are measured again when asked for. \pre nothing is in flight
    void forget_moments() noexcept {
        if (moments_) moments_->forget();
    }

  private:
    TaskPlans& plans_;
    Adaptation adaptation_;
    Statistics statistics_;
    std::optional<RunningMoments> moments_;
};

}  // namespace atnas::meta
