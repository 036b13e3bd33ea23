// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// One network made ready to learn mini-batches of a classification: in pretraining a subnet on all training classes.

#include <memory>
#include <span>
#include <vector>

#include "atnas/backend/exact_sum.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/data/task.hpp"
#include "atnas/meta/task_plan.hpp"
#include "atnas/nn/classifier.hpp"
#include "atnas/nn/feature_extractor.hpp"
#include "atnas/nn/norm_moments.hpp"
#include "atnas/nn/weight_slice.hpp"

namespace atnas::meta {

struct BatchShape {
    int images;   ///< of a mini-batch, which is normalised by its own statistics
    int classes;  ///< of all images
    nn::Targets targets{nn::Targets::labels};
};

/// Running it allocates nothing. Plans of one arena take turns, as a TaskPlan says.
class BatchPlan {
  public:
    BatchPlan(const PlanPlace& place, PlanNetwork network, const BatchShape& shape);

    /// Blocks of the shared weights that it trains, the head's included.
    std::span<const nn::BlockId> blocks() const noexcept { return weights_.blocks(); }

    /// Nothing is lost. \pre as many images as the shape says, with labels of its classes
    void write(const data::LabelledImages& batch);
    /// What its loss compares with: [images, classes], rows of probabilities. \pre nn::Targets::soft
    void write_targets(std::span<const float> targets) { classifier_.write_targets(context_, targets); }
    /// Nodes that lose results of edges, image by image.
    int drops() const noexcept { return network_.graph.drops(); }
    /// By what they multiply, [drops, images], 0 where a result is lost. After write(), for what was written.
    void write_factors(std::span<const float> factors);
    /// The gradient of the mean loss at the shared weights, kept in the plan. Only queues work.
    void run();
    /// What the norms of the images that were written have with the shared weights, which moments() then holds: run()
    /// without a gradient. Only queues work.
    void measure();
    const nn::NormMoments& moments() const noexcept { return moments_; }
    const nn::Graph& graph() const noexcept { return network_.graph; }
    /// into += what run() found. \pre run()
    void add_gradient(backend::ExactSum& into);
    /// Of run(); waits for it.
    nn::PassResult result() { return classifier_.result(context_); }

    /// Seconds in Phase::forward and Phase::backward since construction, as seen from the host.
    const PhaseTimes& times() const noexcept { return times_; }

  private:
    backend::Backend& backend_;
    backend::Context& context_;
    PlanNetwork network_;
    nn::WeightSlice weights_;
    nn::NormMoments moments_;
    nn::FeatureExtractor batch_;
    nn::Classifier classifier_;
    std::vector<float> nothing_lost_;
    PhaseTimes times_;
};

}  // namespace atnas::meta
