// SPDX-License-Identifier: Apache-2.0
#include "heads.hpp"

namespace atnas::nn {

HeadParameters AffineHead::own_parameters(int way, int features) {
    return {.own = {{way, features, 1, 1}, {1, way, 1, 1}}};
}

std::unique_ptr<backend::Op> AffineHead::layer(backend::Backend& backend, const WeightSlice& slice,
                                               const HeadTensors& tensors) const {
    const BlockTensors& weight = this->weight(slice);
    const BlockTensors& bias = this->bias(slice);
    return backend.linear({tensors.features, tensors.dfeatures, weight.values, weight.gradient, bias.values,
                           bias.gradient, tensors.logits, tensors.dlogits});
}

}  // namespace atnas::nn
