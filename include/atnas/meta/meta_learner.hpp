// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Learning from one task: an adaptation, and what its result contributes to the meta-gradient.

#include <functional>
#include <memory>

#include "atnas/backend/exact_sum.hpp"
#include "atnas/data/task.hpp"
#include "atnas/meta/adaptation.hpp"
#include "atnas/meta/task_plan.hpp"

namespace atnas::meta {

/// See learner_registry.hpp.
enum class Learner { fomaml, maml, meta_sgd, anil, reptile };

/// Once the plan exists, nothing here allocates. All but learn() only queues work, but that second order waits for
/// lengths of vectors: the result is the plan's query_result(), which waits for it.
class MetaLearner {
  public:
    virtual ~MetaLearner() = default;

    /// Learns from the task; what it contributes stays in the plan.
    virtual void run(TaskPlan& plan, const data::Task& task) = 0;
    /// gradient += the contribution of the last run().
    virtual void contribute(TaskPlan& plan, backend::ExactSum& gradient) = 0;
    /// run() and contribute() in one, with the same bits, saying from where on \p gradient is final as early as it is.
    /// \p adding is called once, before anything is added to \p gradient.
    virtual void run_last(TaskPlan& plan, const data::Task& task, backend::ExactSum& gradient,
                          const std::function<void()>& adding, const TaskPlan::Ready& ready);

    /// One task at a time: run(), contribute(), and the query's loss and accuracy after adaptation.
    nn::PassResult learn(TaskPlan& plan, const data::Task& task, backend::ExactSum& gradient);
};

/// It adapts by \p adaptation the part of the weights that is the learner's and keeps of the way what the learner
/// needs, whatever the adaptation says of these.
std::unique_ptr<MetaLearner> make_meta_learner(Learner learner, const Adaptation& adaptation);

}  // namespace atnas::meta
