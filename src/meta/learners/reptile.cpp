// SPDX-License-Identifier: Apache-2.0
#include "learners.hpp"

namespace atnas::meta {
namespace {

class Reptile final : public MetaLearner {
  public:
    explicit Reptile(const Adaptation& adaptation) : adaptation_(adaptation) {}
    void run(TaskPlan& plan, const data::Task& task) override { adaptation_.queue(plan, task); }
    void contribute(TaskPlan& plan, backend::ExactSum& gradient) override { plan.add_weight_difference(gradient); }

  private:
    Adaptation adaptation_;
};

std::unique_ptr<MetaLearner> make(const Adaptation& adaptation) {
    return std::make_unique<Reptile>(adaptation);
}

}  // namespace

LearnerEntry reptile_entry() {
    return {Learner::reptile,
            "reptile",
            "initial minus adapted weights (Nichol et al. 2018)",
            nn::WeightSlice::Part::all,
            LearnerEntry::LearnsFrom::steps,
            make};
}

}  // namespace atnas::meta
