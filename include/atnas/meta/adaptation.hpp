// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How a task is learned: what training, fitness and evaluation all do with a subnet before it is judged.

#include "atnas/data/task.hpp"
#include "atnas/meta/task_plan.hpp"

namespace atnas::meta {

/// What an adaptation keeps for gradients of its result. way: the weights before every step, for that by the initial
/// ones. directions: of every step, for that by its learned rates.
enum class Kept { nothing, way, directions };

struct AdaptationOptions {
    int steps{5};                                               ///< of the plan's optimizer on the support set, >= 0
    float rate{0.1f};                                           ///< of each step, where no rates are learned
    nn::WeightSlice::Part adapted{nn::WeightSlice::Part::all};  ///< which weights step
    /// Of the query loss after every step but the last, whose weight makes the sum 1. 0: that one counts alone.
    /// \pre above 0: the plan has QueryLosses::every_step, and kept is not way
    double early_loss{0};
    Kept kept{Kept::nothing};  ///< \pre all weights step, and the plan has memory for that many steps
};

/// The inner loop. Once the plan exists, nothing here allocates.
class Adaptation {
  public:
    explicit Adaptation(const AdaptationOptions& options) noexcept : options_(options) {}

    const AdaptationOptions& options() const noexcept { return options_; }

    /// Adapts the plan to the task and runs the query. Only queues it: the result is the plan's query_result(), which
    /// waits for it.
    void queue(TaskPlan& plan, const data::Task& task) const;
    /// The same; waits for the query's loss and accuracy and returns them.
    nn::PassResult run(TaskPlan& plan, const data::Task& task) const;

  private:
    AdaptationOptions options_;
};

}  // namespace atnas::meta
