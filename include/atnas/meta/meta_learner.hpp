#pragma once
/// \file
/// Learning from one task: the inner loop, and what it contributes to the meta-gradient.

#include <memory>

#include "atnas/backend/tensor.hpp"
#include "atnas/data/episode.hpp"
#include "atnas/nn/plan.hpp"

namespace atnas::meta {

/// fomaml: the query gradient at the adapted weights (Finn et al. 2017, first order).
/// reptile: initial minus adapted weights (Nichol et al. 2018).
enum class Learner { fomaml, reptile };

struct InnerLoop {
    int steps{5};
    float rate{0.1f};
};

/// Adapts the plan to the episode and runs the query: what a novel task gets. Returns the query's loss and accuracy.
nn::PassResult adapt(nn::Plan& plan, const data::Episode& episode, const InnerLoop& loop);

class MetaLearner {
  public:
    virtual ~MetaLearner() = default;
    /// gradient += the task's contribution. Returns the query's loss and accuracy after adaptation. Once the plan
    /// exists, allocates nothing.
    virtual nn::PassResult learn(nn::Plan& plan, const data::Episode& episode, backend::Buffer& gradient) = 0;
};

std::unique_ptr<MetaLearner> make_meta_learner(Learner learner, const InnerLoop& loop);

}  // namespace atnas::meta
