// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/meta_learner.hpp"

#include "atnas/meta/learner_registry.hpp"
#include "learner_kinds.hpp"

namespace atnas::meta {

void MetaLearner::run_last(TaskPlan& plan, const data::Task& task, backend::ExactSum& gradient,
                           const std::function<void()>& adding, const TaskPlan::Ready&) {
    run(plan, task);
    adding();
    contribute(plan, gradient);
}

nn::PassResult MetaLearner::learn(TaskPlan& plan, const data::Task& task, backend::ExactSum& gradient) {
    run(plan, task);
    contribute(plan, gradient);
    return plan.query_result();
}

std::unique_ptr<MetaLearner> make_meta_learner(Learner learner, const Adaptation& adaptation) {
    const LearnerEntry& entry = entry_of(learner);
    AdaptationOptions options = adaptation.options();
    options.adapted = entry.adapted;
    options.kept = entry.kept;
    const Adaptation own(options);
    switch (entry.learns_from) {
        case LearnerEntry::LearnsFrom::query:
            return make_query_gradient_learner(own);
        case LearnerEntry::LearnsFrom::steps:
            break;
    }
    return make_weight_difference_learner(own);
}

}  // namespace atnas::meta
