// SPDX-License-Identifier: Apache-2.0
#include "learner_kinds.hpp"

namespace atnas::meta {
namespace {

class WeightDifferenceLearner final : public MetaLearner {
  public:
    explicit WeightDifferenceLearner(const Adaptation& adaptation) : adaptation_(adaptation) {}
    void run(TaskPlan& plan, const data::Task& task) override { adaptation_.queue(plan, task); }
    void contribute(TaskPlan& plan, backend::ExactSum& gradient) override { plan.add_weight_difference(gradient); }

  private:
    Adaptation adaptation_;
};

}  // namespace

std::unique_ptr<MetaLearner> make_weight_difference_learner(const Adaptation& adaptation) {
    return std::make_unique<WeightDifferenceLearner>(adaptation);
}

}  // namespace atnas::meta
