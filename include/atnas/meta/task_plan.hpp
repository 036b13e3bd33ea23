// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// One subnet made ready to learn tasks of one shape: a classifier of the support set, one of the query, and the
/// weights that both use.

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/data/task.hpp"
#include "atnas/meta/plan_place.hpp"
#include "atnas/meta/task_shape.hpp"
#include "atnas/nn/arena.hpp"
#include "atnas/nn/classifier.hpp"
#include "atnas/nn/feature_extractor.hpp"
#include "atnas/nn/graph.hpp"
#include "atnas/nn/head.hpp"
#include "atnas/nn/param_store.hpp"
#include "atnas/nn/weight_slice.hpp"

namespace atnas::meta {

/// Whose query loss can count: that after the last step, or that after every one.
enum class QueryLosses { last, every_step };

/// What a plan's inner loop has memory for.
struct InnerLoopOptions {
    nn::InnerOptimizerKind optimizer{nn::InnerOptimizerKind::sgd};
    /// Of a task, at most, for gradients of second order, or, where rates are learned, for theirs. \pre 0, or the
    /// optimizer is SGD
    int kept_steps{0};
    QueryLosses query_losses{QueryLosses::last};  ///< \pre last, or no steps are kept but for learned rates
};

/// A list of operations over preallocated memory; running it allocates nothing. Not shared between threads; plans of
/// one arena take turns, task by task: what a task leaves, its adapted weights and gradients too, is gone when another
/// plan's begins.
class TaskPlan {
  public:
    TaskPlan(const PlanPlace& place, PlanNetwork network, const TaskShape& shape,
             const InnerLoopOptions& inner_loop = {});

    const TaskShape& shape() const noexcept { return shape_; }
    const nn::Graph& graph() const noexcept { return network_.graph; }
    /// Blocks of the shared weights that this subnet trains, the head's included.
    std::span<const nn::BlockId> blocks() const noexcept { return weights_.blocks(); }

    /// \pre the task is of shape(), and its labels fit
    void write_task(const data::Task& task);
    /// Statistics::running: these normalise from now on, until another plan's task begins. \pre of the same graph
    void normalise_by(const nn::NormMoments& moments);
    /// Runs all images of the task through the network at the shared weights: the moments before its norms.
    /// \pre Statistics::joint
    const nn::NormMoments& measure();
    /// Takes the slice of the shared weights and lets the head start.
    void start();
    /// One step on the support set, by the optimizer and \p rate, or by the learned rates where there are some. Returns
    /// nothing: reading a loss back would wait for the device.
    void step(float rate, nn::WeightSlice::Part adapted = nn::WeightSlice::Part::all);
    /// Keeps the weights before a step of all of them by this rate, which is to follow. \pre all steps of the task were
    /// kept so far, and InnerLoopOptions has one more
    void keep_step(float rate);
    /// The query loss at the weights as they are counts with this weight in query_backward(), where the last one counts
    /// with what is left of 1 (multi-step loss: Antoniou et al. 2019). \pre QueryLosses::every_step, a step was made,
    /// and no step was kept
    void count_query_loss(double weight);
    void query_forward();
    /// Others in the place of the queries, under the weights as the steps have left them. \pre as many, after
    /// query_forward(), and not Statistics::joint, in which queries have a part
    void query_forward(const data::LabelledImages& queries);
    /// The gradient of the query loss at the adapted weights, or of all that count, kept in the plan. Where the head
    /// starts from features, also the part that flows through its start into the support features at the initial
    /// weights, which the plan then holds again. Where all images make one batch and no step was taken, both are one
    /// pass. Where the steps were kept, the gradient is carried back through them first, so that it is that at the
    /// initial weights; where rates are learned, it is of first order, and theirs is added.
    void query_backward();
    nn::PassResult query_result() { return query_.result(context_); }
    /// [queries, way]
    std::vector<float> query_logits() { return query_.logits(context_); }
    nn::PassResult support_result() { return support_.result(context_); }
    /// The weights as the steps so far have left them, for the host; waits for them.
    std::vector<nn::NamedValues> adapted_weights() const { return weights_.named_values(context_); }
    /// What normalises the query, as nn::NormMoments::values(); waits for it. \pre no query has statistics of its own
    /// or shares those of others: Statistics::support after query_forward(), or running
    std::vector<float> normalising_moments() const;

    /// Seconds spent in Phase::forward and Phase::backward (the inner steps' updates included) since construction, as
    /// seen from the host.
    const PhaseTimes& times() const noexcept { return times_; }

    /// Values that one task adds to one element of a sum, at most: the query's own and those through the prototypes.
    static constexpr std::size_t most_addends = 2;
    /// into += what query_backward() found, at the shared positions. \pre query_backward() ran
    void add_query_gradient(backend::ExactSum& into);
    /// Says that in what is queued the gradient is final from this element of the shared weights on; falls from call to
    /// call.
    using Ready = std::function<void(std::size_t first)>;
    /// query_backward() and add_query_gradient() in one, with the same bits: every block is added as soon as its
    /// gradient is known, so that a reduction can start before the backward pass ends. \p adding is called once, before
    /// anything is added: what is queued until then does not touch \p into.
    void query_backward(backend::ExactSum& into, const std::function<void()>& adding, const Ready& ready);
    /// into += initial weights - adapted weights (Reptile's direction of descent).
    void add_weight_difference(backend::ExactSum& into);

  private:
    bool starts_from_features() const noexcept;
    bool is_one_batch() const noexcept { return query_batch_ == nullptr; }
    nn::FeatureExtractor& query_batch() noexcept { return query_batch_ ? *query_batch_ : support_batch_; }
    nn::Rows query_rows() const noexcept { return {is_one_batch() ? shape_.support : 0, shape_.queries}; }
    std::unique_ptr<nn::FeatureExtractor> second_batch(const PlanPlace& place) const;
    /// The support features at the weights as they are; where all images make one batch, the query's as well.
    void extract_support();
    /// Gradients of the features of one set alone, ready for a pass over both.
    void clear_gradient_of(const nn::Rows& rows);
    /// Features -> the support loss, at the weights as they are.
    void support_forward();
    /// The gradient of the support loss, but for the way back through the network. \pre support_forward()
    void support_backward_to_network();
    void backward_through_steps();
    bool learns_rates() const noexcept { return weights_.learns_rates() && steps_ > 0; }
    /// The gradient of the query loss by the features.
    void begin_query_gradient();
    /// On to the weights as they are, and to the rates.
    void query_backward_to_weights();
    /// query_backward(), but for the last way back through the network, of the batch it returns; null where it is done.
    nn::FeatureExtractor* query_backward_to_network();

    backend::Backend& backend_;
    backend::Context& context_;
    PlanNetwork network_;
    TaskShape shape_;
    nn::WeightSlice weights_;
    nn::NormMoments moments_;             ///< of the support set, of both sets, or given
    nn::NormMoments query_moments_;       ///< Statistics::query
    nn::FeatureExtractor support_batch_;  ///< of the support set, or of both sets
    nn::Classifier support_;
    std::unique_ptr<nn::FeatureExtractor> query_batch_;  ///< null where both are one batch
    nn::Classifier query_;
    std::unique_ptr<backend::Op> head_start_;
    bool support_features_current_{false};
    int steps_{0};
    PhaseTimes times_;
};

}  // namespace atnas::meta
