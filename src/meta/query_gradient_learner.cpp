// SPDX-License-Identifier: Apache-2.0
#include "learner_kinds.hpp"

namespace atnas::meta {
namespace {

class QueryGradientLearner final : public MetaLearner {
  public:
    explicit QueryGradientLearner(const Adaptation& adaptation) : adaptation_(adaptation) {}
    void run(TaskPlan& plan, const data::Task& task) override {
        adaptation_.queue(plan, task);
        plan.query_backward();
    }
    void contribute(TaskPlan& plan, backend::ExactSum& gradient) override { plan.add_query_gradient(gradient); }
    void run_last(TaskPlan& plan, const data::Task& task, backend::ExactSum& gradient,
                  const std::function<void()>& adding, const TaskPlan::Ready& ready) override {
        adaptation_.queue(plan, task);
        plan.query_backward(gradient, adding, ready);
    }

  private:
    Adaptation adaptation_;
};

}  // namespace

std::unique_ptr<MetaLearner> make_query_gradient_learner(const Adaptation& adaptation) {
    return std::make_unique<QueryGradientLearner>(adaptation);
}

}  // namespace atnas::meta
