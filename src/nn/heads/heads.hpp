// SPDX-License-Identifier: Apache-2.0
#pragma once
// The kinds of heads, a file each; head.cpp has a row for each of them.

#include "atnas/nn/head.hpp"

namespace atnas::nn {

/// logits = weight features + bias. The two parameters are weight [way, f, 1, 1] and bias [1, way, 1, 1].
class AffineHead : public Head {
  public:
    std::unique_ptr<backend::Op> layer(backend::Backend& backend, const WeightSlice& slice,
                                       const HeadTensors& tensors) const override;

  protected:
    /// Weight and bias as parameters of the task alone.
    static HeadParameters own_parameters(int way, int features);
};

const Head& linear_head() noexcept;
const Head& zero_head() noexcept;
const Head& prototype_head() noexcept;

}  // namespace atnas::nn
