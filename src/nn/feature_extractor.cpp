// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/feature_extractor.hpp"

namespace atnas::nn {

FeatureExtractor::FeatureExtractor(backend::Backend& backend, Arena& arena, const Network& network,
                                   const Pass::Options& options)
    : backend_(backend),
      pass_(backend, arena, {network.graph, [&](BlockId id) { return network.weights.block(id); }, network.moments},
            options),
      scaled_(network.head.scale(backend, arena, network.weights, {pass_.features(), pass_.feature_gradient()})) {}

void FeatureExtractor::clear_feature_gradient(backend::Context& context, const Rows& rows) {
    const auto features = static_cast<std::size_t>(feature_gradient().shape.c);
    backend::Buffer& memory = scaled_.op ? *scaled_.gradient_memory : pass_.feature_gradient_memory();
    backend_.fill(context, memory,
                  {static_cast<std::size_t>(rows.first) * features, static_cast<std::size_t>(rows.count) * features},
                  0.0);
}

void FeatureExtractor::forward(backend::Context& context) {
    pass_.forward(context);
    scale(context);
}

void FeatureExtractor::scale(backend::Context& context) {
    if (scaled_.op) scaled_.op->forward(context);
}

void FeatureExtractor::backward_through_scale(backend::Context& context) {
    if (scaled_.op) scaled_.op->backward(context);
}

void FeatureExtractor::backward(backend::Context& context) {
    backward_through_scale(context);
    backward_through_network(context);
}

}  // namespace atnas::nn
