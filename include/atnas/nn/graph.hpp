#pragma once
/// \file
/// A network on paper: which operations, on which values, with which weights. Shapes are those of one image (n = 1).

#include <optional>
#include <unordered_map>
#include <vector>

#include "atnas/backend/op.hpp"
#include "atnas/nn/manifest.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::nn {

using ValueId = int;

enum class NodeKind { convolution, pool, norm, sum, subsample, concat, flatten };

struct Value {
    backend::Shape shape;
    backend::Layout layout;
    /// The value this one is the ReLU of, or -1. Such values have no node: they are made where their source is.
    ValueId relu_of{-1};
};

struct Node {
    NodeKind kind;
    std::vector<ValueId> inputs;
    ValueId output;
    std::vector<BlockId> blocks{};  ///< convolution: weight [bias]; norm: [scale shift]
    backend::ConvolutionSpec convolution{};
    backend::PoolSpec pool{};
    backend::NormSpec norm{};
    backend::SubsampleSpec subsample{};
};

/// Append-only; nodes are in an order in which they can run. Blocks are required from the manifest as they are used.
class Graph {
  public:
    /// The image is value 0.
    Graph(Manifest& manifest, const backend::Shape& image);

    const backend::Shape& shape(ValueId value) const { return values_[static_cast<std::size_t>(value)].shape; }

    /// \p name is the prefix of the block names.
    ValueId convolution(ValueId x, int channels, const backend::ConvolutionSpec& spec, const std::string& name,
                        space::ConvBias bias = space::ConvBias::no);
    ValueId norm(ValueId x, space::NormAffine affine, const std::string& name,
                 backend::NormRelu relu = backend::NormRelu::no);
    ValueId pool(ValueId x, const backend::PoolSpec& spec);
    /// One shared ReLU per value, however often it is asked for.
    ValueId relu(ValueId x);
    ValueId sum(std::vector<ValueId> x);
    /// A value of zeros: the sum of nothing.
    ValueId zeros(const backend::Shape& shape);
    ValueId subsample(ValueId x, int offset);
    ValueId concat(std::vector<ValueId> x);
    /// Ends the network: the features of an image, [1, c h w, 1, 1].
    ValueId flatten(ValueId x);

    const std::vector<Value>& values() const noexcept { return values_; }
    const std::vector<Node>& nodes() const noexcept { return nodes_; }
    /// Blocks in the order of first use, each once.
    const std::vector<BlockId>& blocks() const noexcept { return blocks_; }
    int features() const { return values_.back().shape.c; }

  private:
    ValueId append(Node node, const backend::Shape& output, backend::Layout layout = backend::Layout::native);
    BlockId use(const std::string& name, const backend::Shape& shape, Initial initial);

    Manifest& manifest_;
    std::vector<Value> values_;
    std::vector<Node> nodes_;
    std::vector<BlockId> blocks_;
    std::unordered_map<ValueId, ValueId> relus_;
};

}  // namespace atnas::nn
