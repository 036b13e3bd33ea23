#pragma once
/// \file
/// Learning from one task: the inner loop, and what it contributes to the meta-gradient.

#include <functional>
#include <memory>

#include "atnas/backend/tensor.hpp"
#include "atnas/data/episode_sampler.hpp"
#include "atnas/nn/plan.hpp"

namespace atnas::meta {

/// fomaml: the query gradient at the adapted weights (Finn et al. 2017, first order).
/// reptile: initial minus adapted weights (Nichol et al. 2018).
enum class Learner { fomaml, reptile };

struct InnerLoop {
    int steps{5};
    float rate{0.1f};
};

/// Adapts the plan to the episode and runs the query: what a novel task gets. Only queues it.
void queue_adaptation(nn::Plan& plan, const data::Task& task, const InnerLoop& loop);
/// The same; waits for the query's loss and accuracy and returns them.
nn::PassResult adapt(nn::Plan& plan, const data::Task& task, const InnerLoop& loop);

/// Once the plan exists, nothing here allocates. All but learn() only queues work: the result is the plan's
/// query_result(), which waits for it.
class MetaLearner {
  public:
    virtual ~MetaLearner() = default;

    /// Learns from the episode; what it contributes stays in the plan.
    virtual void run(nn::Plan& plan, const data::Task& task) = 0;
    /// gradient += the contribution of the last run().
    virtual void contribute(nn::Plan& plan, backend::Buffer& gradient) = 0;
    /// run() and contribute() in one, with the same bits, saying from where on \p gradient is final as early as it is.
    /// \p adding is called once, before anything is added to \p gradient.
    virtual void run_last(nn::Plan& plan, const data::Task& task, backend::Buffer& gradient,
                          const std::function<void()>& adding, const nn::Plan::Ready& ready);

    /// One task at a time: run(), contribute(), and the query's loss and accuracy after adaptation.
    nn::PassResult learn(nn::Plan& plan, const data::Task& task, backend::Buffer& gradient);
};

std::unique_ptr<MetaLearner> make_meta_learner(Learner learner, const InnerLoop& loop);

}  // namespace atnas::meta
