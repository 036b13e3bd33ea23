// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A head and a loss over labelled images of a batch: half of a few-shot task, or a mini-batch.

#include <memory>
#include <span>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/nn/arena.hpp"
#include "atnas/nn/feature_extractor.hpp"
#include "atnas/nn/head.hpp"
#include "atnas/nn/weight_slice.hpp"

namespace atnas::nn {

struct PassResult {
    double loss{0};      ///< mean cross-entropy, with the targets
    double accuracy{0};  ///< 0 .. 1
};

/// What the loss compares probabilities with: 1 for the label, or what is written for every class.
enum class Targets { labels, soft };

/// Images and labels are inputs of equal standing, written before each batch. Once constructed it allocates nothing
/// while it learns, and all but result() and logits() only queues work.
class Classifier {
  public:
    /// What it judges by. References are used at construction only, memory of the slice later as well.
    struct Judge {
        const Head& head;
        const WeightSlice& weights;
        int way;  ///< classes
        Targets targets{Targets::labels};
    };

    /// Over these images of a batch, whose memory outlives it.
    Classifier(backend::Backend& backend, Arena& arena, const Judge& judge, const FeatureExtractor& batch,
               const Rows& images);

    /// \param images [n, c, h, w] of its n images. \param labels [n], 0 .. way - 1
    void write(backend::Context& context, std::span<const float> images, std::span<const int> labels);
    /// \param targets [n, way], rows of probabilities, which sum to 1. Labels count for the accuracy alone then.
    /// \pre Targets::soft
    void write_targets(backend::Context& context, std::span<const float> targets);
    /// Features -> logits and loss. \pre these were extracted, and everything was written
    void classify(backend::Context& context);
    /// Loss -> gradients of the head's parameters and of the features of its images. \pre classify()
    void backward(backend::Context& context);
    /// Of the last classify(); waits for it.
    PassResult result(backend::Context& context);
    /// [n, way] of the last classify(). Waits for it.
    std::vector<float> logits(backend::Context& context);

    const backend::Tensor& features() const noexcept { return features_; }           ///< plain [n, f, 1, 1]
    const backend::Tensor& feature_gradient() const noexcept { return dfeatures_; }  ///< plain [n, f, 1, 1]
    const backend::Tensor& labels() const noexcept { return labels_; }               ///< plain [n, 1, 1, 1]

  private:
    backend::Backend& backend_;
    int way_;
    backend::Tensor images_, features_, dfeatures_;  ///< rows of the batch's
    backend::Tensor labels_, logits_, result_;
    backend::Tensor targets_;  ///< absent with Targets::labels
    std::unique_ptr<backend::Op> layer_, loss_;
    std::vector<float> label_values_;  ///< as the backend takes them
};

}  // namespace atnas::nn
