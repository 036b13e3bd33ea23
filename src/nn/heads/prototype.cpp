// SPDX-License-Identifier: Apache-2.0
#include <utility>
#include "atnas/nn/arena.hpp"

#include "heads.hpp"

namespace atnas::nn {

HeadParameters PrototypeHead::parameters(Manifest& manifest, int way, int features) const {
    HeadParameters parameters = own_parameters(way, features);
    parameters.shared = {manifest.require("head/log_scale", {1, 1, 1, 1}, Initial::zero)};
    return parameters;
}

ScaledFeatures PrototypeHead::scale(backend::Backend& backend, Arena& arena, const WeightSlice& slice,
                                    const FeatureTensors& features) const {
    const BlockTensors& log_scale = slice.head(0);
    const backend::Shape& shape = features.features.shape;
    auto memory = arena.take_buffer(shape.count());
    const FeatureTensors scaled{arena.take(shape, backend::Layout::plain), backend::view(*memory, 0, shape)};
    return {scaled,
            backend.feature_scale(scale_spec(shape.c), {features.features, features.dfeatures, log_scale.values,
                                                        log_scale.gradient, scaled.features, scaled.dfeatures}),
            std::move(memory)};
}

std::unique_ptr<backend::Op> PrototypeHead::start(backend::Backend& backend, WeightSlice& slice,
                                                  const SupportTensors& support) const {
    const BlockTensors& weight = this->weight(slice);
    const BlockTensors& bias = this->bias(slice);
    return backend.prototype_head(prototype_spec(), {support.features, support.dfeatures, support.labels, weight.values,
                                                     weight.gradient, bias.values, bias.gradient});
}

}  // namespace atnas::nn
