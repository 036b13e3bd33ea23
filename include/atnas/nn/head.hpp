// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The last layer of a classifier, features -> logits, and what its parameters are when a task begins.

#include <memory>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/nn/manifest.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::nn {

class Arena;
class WeightSlice;

/// Tensors that a head computes with, in an order that is the head's own: shared ones first.
struct HeadParameters {
    std::vector<BlockId> shared{};      ///< blocks of the shared weights, learned over tasks
    std::vector<backend::Shape> own{};  ///< belong to one task alone
};

/// Plain [n, f, 1, 1]: features of a batch and their gradient.
struct FeatureTensors {
    backend::Tensor features, dfeatures;
};

/// What a head computes with instead of the features of the network.
struct ScaledFeatures {
    FeatureTensors tensors;
    /// forward(): features of the network -> these. backward(): the gradient of these -> that of the features of the
    /// network and of the head's scale. None where these are the features of the network.
    std::unique_ptr<backend::Op> op{};
    std::unique_ptr<backend::Buffer> gradient_memory{};  ///< of the gradient, row by row; none without an operation
};

/// All plain. Features [n, f, 1, 1] as scale() has them, logits [n, way, 1, 1], and their gradients.
struct HeadTensors {
    backend::Tensor features, dfeatures;
    backend::Tensor logits, dlogits;
};

/// All plain. Features of the support set [n, f, 1, 1] as scale() has them, their gradient, and labels [n, 1, 1, 1].
struct SupportTensors {
    backend::Tensor features, dfeatures;
    backend::Tensor labels;
};

/// A kind of head: features are scaled where it has a scale, and a layer takes them to logits. It holds nothing itself:
/// its parameters are in the slice of weights of whoever uses it.
class Head {
  public:
    /// What start() reads. features: those of the support set at the initial weights, so that the gradient of the query
    /// loss also flows through them.
    enum class StartsFrom { weights, features };

    virtual ~Head() = default;

    /// Requires the shared ones from the manifest. \pre shared parameters have one \p way for all tasks
    virtual HeadParameters parameters(Manifest& manifest, int way, int features) const = 0;
    /// The features as layer() and start() take them, of the support set and of queries alike. Keeps no reference to
    /// the slice.
    virtual ScaledFeatures scale(backend::Backend& backend, Arena& arena, const WeightSlice& slice,
                                 const FeatureTensors& features) const;
    /// The layer for one batch. It writes the gradients of all its parameters. Keeps no reference to the slice.
    virtual std::unique_ptr<backend::Op> layer(backend::Backend& backend, const WeightSlice& slice,
                                               const HeadTensors& tensors) const = 0;
    virtual StartsFrom starts_from() const noexcept { return StartsFrom::weights; }
    /// forward() gives the task's own parameters their values; the shared ones are loaded then. backward(), for
    /// StartsFrom::features: gradients of own parameters -> gradient of the support features; it depends on no shared
    /// parameter but through these. Nothing where there is nothing to do. Keeps a reference to the slice.
    virtual std::unique_ptr<backend::Op> start(backend::Backend& backend, WeightSlice& slice,
                                               const SupportTensors& support) const = 0;
};

/// The head of that name; lives as long as the program.
const Head& head_of(space::Head kind) noexcept;
/// That of pretraining: linear, with weights of its own, over all training classes.
const Head& pretraining_head() noexcept;

}  // namespace atnas::nn
