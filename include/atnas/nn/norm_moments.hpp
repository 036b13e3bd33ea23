// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Mean and variance of every channel before every norm of a network: what a batch has, or what a pass is given.

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/nn/arena.hpp"
#include "atnas/nn/graph.hpp"

namespace atnas::nn {

/// All of them in one array, so that averaging them over batches is one call. Those of one graph fit each other.
class NormMoments {
  public:
    struct Tensors {
        backend::Tensor mean, variance;  ///< plain [1, c, 1, 1]; empty for a node that is no norm
    };

    /// In the arena, which it must not outlive; not set.
    NormMoments(Arena& arena, const Graph& graph);
    /// Memory of its own; zero.
    NormMoments(backend::Backend& backend, const Graph& graph);

    const Tensors& of(std::size_t node) const { return tensors_[node]; }
    std::size_t nodes() const noexcept { return tensors_.size(); }

    /// += weight * other
    void add(backend::Backend& backend, backend::Context& context, double weight, const NormMoments& other);
    void set(backend::Backend& backend, backend::Context& context, const NormMoments& other);
    /// A copy for the host: for every norm, in the order of the nodes, the means of all channels, then their variances.
    /// Waits for it.
    std::vector<float> values(backend::Backend& backend, backend::Context& context) const;
    /// The other way. \pre as many as values() gives
    void set_values(backend::Backend& backend, backend::Context& context, std::span<const float> values);

  private:
    void place(const Graph& graph);

    std::size_t size_;
    std::unique_ptr<backend::Buffer> values_;
    std::vector<Tensors> tensors_;  ///< per node of the graph
};

}  // namespace atnas::nn
