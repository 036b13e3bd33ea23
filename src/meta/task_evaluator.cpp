// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/task_evaluator.hpp"

namespace atnas::meta {

TaskEvaluator::TaskEvaluator(TaskPlans& plans, const TaskEvaluatorOptions& options)
    : plans_(plans), adaptation_(options.adaptation), statistics_(options.statistics) {
    if (statistics_ == Statistics::running) moments_.emplace(plans, options.training);
}

TaskPlan& TaskEvaluator::queue(const space::Genotype& genotype, const data::Task& task, int lane) {
    // Measured before the plan is asked for, which is valid until another one is.
    const nn::NormMoments* const moments = moments_ ? &moments_->of(genotype, lane) : nullptr;
    TaskPlan& plan = plans_.plan(genotype, shape_of(task, statistics_), lane);
    if (moments != nullptr) plan.normalise_by(*moments);
    adaptation_.queue(plan, task);
    return plan;
}

void TaskEvaluator::queue_queries(TaskPlan& plan, const data::Task& task, const data::LabelledImages& queries) const {
    if (statistics_ != Statistics::joint) {
        plan.query_forward(queries);
        return;
    }
    // Queries had a part in how the task was learned.
    data::Task other = task;
    other.query = queries;
    adaptation_.queue(plan, other);
}

}  // namespace atnas::meta
