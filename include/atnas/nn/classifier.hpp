// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A network with a head and a loss over one batch of labelled images: half of a few-shot task, or a mini-batch.

#include <memory>
#include <span>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/nn/arena.hpp"
#include "atnas/nn/graph.hpp"
#include "atnas/nn/head.hpp"
#include "atnas/nn/pass.hpp"
#include "atnas/nn/weight_slice.hpp"

namespace atnas::nn {

struct PassResult {
    double loss{0};      ///< mean cross-entropy
    double accuracy{0};  ///< 0 .. 1
};

/// Images and labels are inputs of equal standing, written before each batch. Once constructed it allocates nothing,
/// and all but result() only queues work.
class Classifier {
  public:
    /// What it computes with. References are used at construction only, memory of the slice later as well.
    struct Network {
        const Graph& graph;
        const Head& head;
        const WeightSlice& weights;
    };
    struct Options {
        int way;    ///< classes
        int batch;  ///< images
        /// Normalise with the statistics this pass computed last, instead of those of the batch; same graph.
        const Pass* statistics{nullptr};
    };

    Classifier(backend::Backend& backend, Arena& arena, const Network& network, const Options& options);

    /// \param images [batch, c, h, w]. \param labels [batch], 0 .. way - 1
    void write(backend::Context& context, std::span<const float> images, std::span<const int> labels);
    /// Images -> features, scaled as the head wants them.
    void extract(backend::Context& context);
    /// Features -> logits and loss. \pre extract()
    void classify(backend::Context& context);
    /// Loss -> gradients of the head's parameters and of the network's features. \pre classify()
    void backward_to_features(backend::Context& context);
    /// Gradient of features() -> gradients of the head's scale and of the network's features. \pre extract() ran with
    /// these weights
    void backward_through_scale(backend::Context& context);
    /// Gradient of the features -> gradients of the network's blocks; \p finished hears of them. \pre extract() ran
    /// with these weights
    void backward_to_images(backend::Context& context, const Pass::Finished& finished = {}) {
        pass_.backward(context, finished);
    }
    /// Of the last classify(); waits for it.
    PassResult result(backend::Context& context);

    const Pass& pass() const noexcept { return pass_; }
    const FeatureTensors& features() const noexcept { return features_.tensors; }  ///< as the head wants them
    const backend::Tensor& labels() const noexcept { return labels_; }             ///< plain [batch, 1, 1, 1]

  private:
    backend::Backend& backend_;
    int way_;
    Pass pass_;
    ScaledFeatures features_;
    backend::Tensor labels_, result_;
    std::unique_ptr<backend::Op> layer_, loss_;
    std::vector<float> label_values_;  ///< as the backend takes them
};

}  // namespace atnas::nn
