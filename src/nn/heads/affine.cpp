// SPDX-License-Identifier: Apache-2.0
#include "heads.hpp"

#include "atnas/nn/weight_slice.hpp"

namespace atnas::nn {

HeadParameters AffineHead::own_parameters(int way, int features) {
    return {.own = {{way, features, 1, 1}, {1, way, 1, 1}}};
}

std::unique_ptr<backend::Op> AffineHead::layer(backend::Backend& backend, const WeightSlice& slice,
                                               const HeadTensors& tensors) const {
    const BlockTensors& weight = slice.head(0);
    const BlockTensors& bias = slice.head(1);
    return backend.linear({tensors.features, tensors.dfeatures, weight.values, weight.gradient, bias.values,
                           bias.gradient, tensors.logits, tensors.dlogits});
}

}  // namespace atnas::nn
