// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Images -> features as a head takes them: a pass over the network, and the head's scale.

#include <memory>

#include "atnas/backend/backend.hpp"
#include "atnas/nn/arena.hpp"
#include "atnas/nn/graph.hpp"
#include "atnas/nn/head.hpp"
#include "atnas/nn/norm_moments.hpp"
#include "atnas/nn/pass.hpp"
#include "atnas/nn/weight_slice.hpp"

namespace atnas::nn {

/// Some images of a batch.
struct Rows {
    int first;
    int count;
};

/// Of one batch. Once constructed it allocates nothing, and only queues work.
class FeatureExtractor {
  public:
    /// What it computes with. References are used at construction only, memory of the slice and the moments later.
    struct Network {
        const Graph& graph;
        const Head& head;
        const WeightSlice& weights;
        const NormMoments& moments;
    };
    FeatureExtractor(backend::Backend& backend, Arena& arena, const Network& network, const Pass::Options& options);

    int batch() const noexcept { return pass_.batch(); }
    const backend::Tensor& images() const noexcept { return pass_.images(); }              ///< plain [batch, c, h, w]
    const backend::Tensor& features() const noexcept { return scaled_.tensors.features; }  ///< plain [batch, f, 1, 1]
    const backend::Tensor& feature_gradient() const noexcept { return scaled_.tensors.dfeatures; }  ///< to be filled
    const backend::Tensor& factors() const noexcept { return pass_.factors(); }                     ///< see Pass
    /// The gradient of the features of these images is zero.
    void clear_feature_gradient(backend::Context& context, const Rows& rows);

    void forward(backend::Context& context);
    /// The head's scale alone, where nothing else changed. \pre forward() ran
    void scale(backend::Context& context);
    /// Gradient of the features -> gradients of the head's scale and of what the network computed. \pre forward() ran
    /// with these weights
    void backward_through_scale(backend::Context& context);
    /// The rest: gradients of the network's blocks; \p finished hears of them. \pre backward_through_scale()
    void backward_through_network(backend::Context& context, const Pass::Finished& finished = {}) {
        pass_.backward(context, finished);
    }
    /// Both.
    void backward(backend::Context& context);

  private:
    backend::Backend& backend_;
    Pass pass_;
    ScaledFeatures scaled_;
};

}  // namespace atnas::nn
