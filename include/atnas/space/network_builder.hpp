// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How a space draws a network: one operation after the other, on numbered values. What becomes of it is the builder's
/// business: a graph to compile (nn::Graph), or its cost (CostCounter).

#include <string>
#include <unordered_map>
#include <vector>

#include "atnas/space/operation_specs.hpp"
#include "atnas/space/shape.hpp"
#include "atnas/space/weight.hpp"

namespace atnas::space {

/// A value of a network: the image is 0, every operation adds one.
using ValueId = int;

enum class OperationKind { convolution, pool, norm, sum, subsample, concat, flatten, drop };

/// Whether a network has operations that lose the results of edges, image by image (drop path: Larsson et al. 2017,
/// "FractalNet: Ultra-Deep Neural Networks without Residuals"), which is for training.
enum class Drops { no, yes };

/// An operation on the values \p inputs; only the specification of its kind counts.
struct Operation {
    OperationKind kind;
    std::vector<ValueId> inputs;
    ConvolutionSpec convolution{};
    PoolSpec pool{};
    NormSpec norm{};
    SubsampleSpec subsample{};
};

/// Knows the shapes, which are those of one image (n = 1), and makes one operation of each call; a class derived from
/// it is handed these. Names are prefixes of the names of weights.
class NetworkBuilder {
  public:
    /// \p image becomes value 0.
    explicit NetworkBuilder(const Shape& image, Drops drops = Drops::no);
    virtual ~NetworkBuilder() = default;

    const Shape& shape(ValueId value) const { return shapes_[static_cast<std::size_t>(value)]; }

    /// Weights "name/weight" and "name/bias". \pre spec.groups divides the channels of x and \p channels
    ValueId convolution(ValueId x, int channels, const ConvolutionSpec& spec, const std::string& name,
                        ConvBias bias = ConvBias::no);
    /// Weights "name/scale" and "name/shift".
    ValueId norm(ValueId x, NormAffine affine, const std::string& name, NormRelu relu = NormRelu::no);
    ValueId pool(ValueId x, const PoolSpec& spec);
    /// One shared ReLU per value, however often it is asked for. \pre x is not the image
    ValueId relu(ValueId x);
    /// \pre x is not empty and its values have one shape
    ValueId sum(std::vector<ValueId> x);
    /// A value of zeros: the sum of nothing.
    ValueId zeros(const Shape& shape);
    ValueId subsample(ValueId x, int offset);
    /// The result of an edge, as it may be lost: x itself with Drops::no.
    ValueId drop(ValueId x);
    ValueId concat(std::vector<ValueId> x);
    /// Ends the network: the features of an image, [1, c h w, 1, 1].
    ValueId flatten(ValueId x);

    /// \pre flatten() ended the network
    int features() const { return shapes_.back().c; }

  protected:
    NetworkBuilder(const NetworkBuilder&) = default;
    NetworkBuilder& operator=(const NetworkBuilder&) = default;
    NetworkBuilder(NetworkBuilder&&) = default;
    NetworkBuilder& operator=(NetworkBuilder&&) = default;

  private:
    /// The next operation, which makes \p output. \p weights: of a convolution [weight, bias?], of a norm [scale,
    /// shift] or none.
    virtual void add(Operation operation, ValueId output, const std::vector<Weight>& weights) = 0;
    /// \p output is the ReLU of \p x. No operation: whoever computes x makes it as well.
    virtual void add_relu(ValueId x, ValueId output);

    ValueId append(Operation operation, Shape output, const std::vector<Weight>& weights = {});

    Drops drops_;
    std::vector<Shape> shapes_;
    std::unordered_map<ValueId, ValueId> relus_;
};

}  // namespace atnas::space
