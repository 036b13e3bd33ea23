// SPDX-License-Identifier: Apache-2.0
#pragma once
// The kinds of heads, a file each; head.cpp has a row for each of them.

#include <cstddef>

#include "atnas/nn/head.hpp"
#include "atnas/nn/weight_slice.hpp"

namespace atnas::nn {

/// logits = weight features + bias. The two parameters are weight [way, f, 1, 1] and bias [1, way, 1, 1].
class AffineHead : public Head {
  public:
    std::unique_ptr<backend::Op> layer(backend::Backend& backend, const WeightSlice& slice,
                                       const HeadTensors& tensors) const override;

  protected:
    /// \p weight: its place among the parameters of the head; the bias follows it.
    explicit AffineHead(std::size_t weight = 0) noexcept : weight_(weight) {}

    /// Weight and bias as parameters of the task alone.
    static HeadParameters own_parameters(int way, int features);
    const BlockTensors& weight(const WeightSlice& slice) const { return slice.head(weight_); }
    const BlockTensors& bias(const WeightSlice& slice) const { return slice.head(weight_ + 1); }

  private:
    std::size_t weight_;
};

/// Starts from the mean features of each class. Features are multiplied by a gain and by exp(head/log_scale), a weight
/// that is learned over tasks, adapted to each like any other, and zero at first.
class PrototypeHead : public AffineHead {
  public:
    HeadParameters parameters(Manifest& manifest, int way, int features) const final;
    StartsFrom starts_from() const noexcept final { return StartsFrom::features; }
    ScaledFeatures scale(backend::Backend& backend, Arena& arena, const WeightSlice& slice,
                         const FeatureTensors& features) const final;
    std::unique_ptr<backend::Op> start(backend::Backend& backend, WeightSlice& slice,
                                       const SupportTensors& support) const final;

  protected:
    PrototypeHead() noexcept : AffineHead(1) {}

    virtual backend::FeatureScaleSpec scale_spec(int features) const noexcept = 0;
    virtual backend::PrototypeSpec prototype_spec() const noexcept = 0;
};

const Head& linear_head() noexcept;
const Head& zero_head() noexcept;
const Head& proto_head() noexcept;
const Head& cosine_head() noexcept;

}  // namespace atnas::nn
