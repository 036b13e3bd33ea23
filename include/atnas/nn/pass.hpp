// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A graph compiled for one batch: the operations in order, over memory that is laid out once.

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/nn/arena.hpp"
#include "atnas/nn/graph.hpp"
#include "atnas/nn/norm_moments.hpp"

namespace atnas::nn {

/// Where a block's values and gradient are while a task runs.
struct BlockTensors {
    backend::Tensor values;
    backend::Tensor gradient;
};

class Pass {
  public:
    struct Options {
        int batch{1};
        /// Whose statistics normalise: the batch's, which forward() leaves in the moments, or what is in them already.
        backend::NormStatistics statistics{backend::NormStatistics::batch};
    };

    /// What it computes with: memory that outlives it. References are used at construction only.
    struct Network {
        const Graph& graph;
        const std::function<BlockTensors(BlockId)>& blocks;  ///< gives the tensors of a block
        const NormMoments& moments;                          ///< of this graph
    };
    Pass(backend::Backend& backend, Arena& arena, const Network& network, const Options& options);

    /// Images -> features. Allocates nothing.
    void forward(backend::Context& context);
    /// Called with blocks whose gradients are final in what is queued.
    using Finished = std::function<void(std::span<const BlockId>)>;
    /// Gradient of the features -> gradients of all blocks, from the last operation to the first. Allocates nothing.
    /// \pre forward() ran with these weights
    void backward(backend::Context& context, const Finished& finished = {});

    int batch() const noexcept { return images_.shape.n; }
    const backend::Tensor& images() const noexcept { return images_; }      ///< plain [batch, c, h, w]
    const backend::Tensor& features() const noexcept { return features_; }  ///< plain [batch, f, 1, 1]
    /// Of the nodes that lose results of edges, to be written before forward(): plain [drops x batch, 1, 1, 1], node by
    /// node; absent without such nodes.
    const backend::Tensor& factors() const noexcept { return factors_; }
    /// To be filled before backward(); nobody else writes there.
    const backend::Tensor& feature_gradient() const noexcept { return dfeatures_; }
    backend::Buffer& feature_gradient_memory() noexcept { return *dfeatures_memory_; }  ///< all of it, row by row

  private:
    class Compiler;

    std::vector<std::unique_ptr<backend::Op>> ops_;
    std::vector<backend::Op*> forward_;
    struct BackwardStep {
        backend::Op* op;
        std::vector<BlockId> blocks{};  ///< whose gradients it writes
    };
    std::vector<BackwardStep> backward_;
    backend::Tensor images_, features_, dfeatures_;
    backend::Tensor factors_;
    std::unique_ptr<backend::Buffer> dfeatures_memory_;
};

}  // namespace atnas::nn
