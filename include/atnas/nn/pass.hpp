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
        /// Normalise with the statistics this pass computed last, instead of those of the batch; same graph.
        const Pass* statistics{nullptr};
    };

    /// \p blocks gives the tensors of a block. Keeps references to nothing but the backend's memory.
    Pass(backend::Backend& backend, Arena& arena, const Graph& graph,
         const std::function<BlockTensors(BlockId)>& blocks, const Options& options);

    /// Images -> features. Allocates nothing.
    void forward(backend::Context& context);
    /// Called with blocks whose gradients are final in what is queued.
    using Finished = std::function<void(std::span<const BlockId>)>;
    /// Gradient of the features -> gradients of all blocks, from the last operation to the first. Allocates nothing.
    /// \pre forward() ran with these weights
    void backward(backend::Context& context, const Finished& finished = {});

    int batch() const noexcept { return images_.shape.n; }
    const backend::Tensor& images() const noexcept { return images_; }               ///< plain [batch, c, h, w]
    const backend::Tensor& features() const noexcept { return features_; }           ///< plain [batch, f, 1, 1]
    const backend::Tensor& feature_gradient() const noexcept { return dfeatures_; }  ///< to be filled before backward()

  private:
    struct Statistics {
        backend::Tensor mean, variance;
    };
    class Compiler;

    std::vector<std::unique_ptr<backend::Op>> ops_;
    std::vector<backend::Op*> forward_;
    struct BackwardStep {
        backend::Op* op;
        std::vector<BlockId> blocks{};  ///< whose gradients it writes
    };
    std::vector<BackwardStep> backward_;
    std::vector<Statistics> statistics_;  ///< per node; empty tensors where the node is no norm
    backend::Tensor images_, features_, dfeatures_;
};

}  // namespace atnas::nn
