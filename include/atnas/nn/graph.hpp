// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A network on paper: which operations, on which values, with which weights. Shapes are those of one image (n = 1).

#include <string>
#include <vector>

#include "atnas/backend/op.hpp"
#include "atnas/nn/manifest.hpp"
#include "atnas/space/network_builder.hpp"

namespace atnas::nn {

using space::ValueId;
using NodeKind = space::OperationKind;

struct Value {
    backend::Shape shape;
    backend::Layout layout;
    /// The value this one is the ReLU of, or -1. Such values have no node: they are made where their source is.
    ValueId relu_of{-1};
};

struct Node : space::Operation {
    ValueId output;
    std::vector<BlockId> blocks;  ///< convolution: weight [bias]; norm: [scale shift]
};

/// Append-only; nodes are in an order in which they can run. Blocks are required from the manifest as they are used.
class Graph final : public space::NetworkBuilder {
  public:
    /// The image is value 0.
    Graph(Manifest& manifest, const backend::Shape& image, space::Drops drops = space::Drops::no);

    const std::vector<Value>& values() const noexcept { return values_; }
    const std::vector<Node>& nodes() const noexcept { return nodes_; }
    /// Nodes that lose results of edges.
    int drops() const noexcept { return count_drops(nodes_.size()); }
    /// Those among the first \p nodes.
    int count_drops(std::size_t nodes) const noexcept;
    /// Blocks in the order of first use, each once.
    const std::vector<BlockId>& blocks() const noexcept { return blocks_; }

  private:
    void add(space::Operation operation, ValueId output, const std::vector<space::Weight>& weights) override;
    void add_relu(ValueId x, ValueId output) override;

    Manifest& manifest_;
    std::vector<Value> values_;
    std::vector<Node> nodes_;
    std::vector<BlockId> blocks_;
};

}  // namespace atnas::nn
