// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/meta_learner.hpp"

namespace atnas::meta {
namespace {

class Fomaml final : public MetaLearner {
  public:
    explicit Fomaml(const Adaptation& adaptation) : adaptation_(adaptation) {}
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

class Reptile final : public MetaLearner {
  public:
    explicit Reptile(const Adaptation& adaptation) : adaptation_(adaptation) {}
    void run(TaskPlan& plan, const data::Task& task) override { adaptation_.queue(plan, task); }
    void contribute(TaskPlan& plan, backend::ExactSum& gradient) override { plan.add_weight_difference(gradient); }

  private:
    Adaptation adaptation_;
};

}  // namespace

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
    if (learner == Learner::reptile) return std::make_unique<Reptile>(adaptation);
    return std::make_unique<Fomaml>(adaptation);
}

}  // namespace atnas::meta
