// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/classifier.hpp"

#include <algorithm>

#include "atnas/core/contract.hpp"

namespace atnas::nn {

using backend::Layout;

Classifier::Classifier(backend::Backend& backend, Arena& arena, const Network& network, const Options& options)
    : backend_(backend),
      way_(options.way),
      pass_(
          backend, arena, network.graph, [&](BlockId id) { return network.weights.block(id); },
          Pass::Options{options.batch, options.statistics}),
      features_(network.head.scale(backend, arena, network.weights, {pass_.features(), pass_.feature_gradient()})),
      labels_(arena.take({options.batch, 1, 1, 1}, Layout::plain)),
      result_(arena.take({1, 2, 1, 1}, Layout::plain)),
      label_values_(static_cast<std::size_t>(options.batch)) {
    const backend::Shape shape{options.batch, options.way, 1, 1};
    const backend::Tensor logits = arena.take(shape, Layout::plain);
    const backend::Tensor dlogits = arena.take(shape, Layout::plain);
    layer_ = network.head.layer(backend, network.weights, {features().features, features().dfeatures, logits, dlogits});
    loss_ = backend.softmax_loss({logits, dlogits, labels_, result_});
}

void Classifier::write(backend::Context& context, std::span<const float> images, std::span<const int> labels) {
    ATNAS_EXPECT(labels.size() == label_values_.size());
    ATNAS_EXPECT(std::ranges::all_of(labels, [&](int label) { return 0 <= label && label < way_; }));
    std::ranges::transform(labels, label_values_.begin(), [](int label) { return static_cast<float>(label); });
    backend_.write(context, pass_.images(), images);
    backend_.write(context, labels_, std::span<const float>(label_values_));
}

void Classifier::extract(backend::Context& context) {
    pass_.forward(context);
    if (features_.op) features_.op->forward(context);
}

void Classifier::classify(backend::Context& context) {
    layer_->forward(context);
    loss_->forward(context);
}

void Classifier::backward_to_features(backend::Context& context) {
    loss_->backward(context);
    layer_->backward(context);
    backward_through_scale(context);
}

void Classifier::backward_through_scale(backend::Context& context) {
    if (features_.op) features_.op->backward(context);
}

PassResult Classifier::result(backend::Context& context) {
    double values[2];
    backend_.read(context, result_, values);
    return {values[0], values[1] / pass_.batch()};
}

}  // namespace atnas::nn
