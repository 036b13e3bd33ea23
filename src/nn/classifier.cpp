// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/classifier.hpp"

#include <algorithm>

#include "atnas/core/contract.hpp"

namespace atnas::nn {

using backend::Layout;

Classifier::Classifier(backend::Backend& backend, Arena& arena, const Judge& judge, const FeatureExtractor& batch,
                       const Rows& images)
    : backend_(backend),
      way_(judge.way),
      images_(backend::rows(batch.images(), backend.precision(), images.first, images.count)),
      features_(backend::rows(batch.features(), backend.precision(), images.first, images.count)),
      dfeatures_(backend::rows(batch.feature_gradient(), backend.precision(), images.first, images.count)),
      labels_(arena.take({images.count, 1, 1, 1}, Layout::plain)),
      result_(arena.take({1, 2, 1, 1}, Layout::plain)),
      label_values_(static_cast<std::size_t>(images.count)) {
    ATNAS_EXPECT(images.first >= 0 && images.count > 0 && images.first + images.count <= batch.batch());
    const backend::Shape shape{images.count, judge.way, 1, 1};
    logits_ = arena.take(shape, Layout::plain);
    const backend::Tensor dlogits = arena.take(shape, Layout::plain);
    layer_ = judge.head.layer(backend, judge.weights, {features_, dfeatures_, logits_, dlogits});
    if (judge.targets == Targets::soft) targets_ = arena.take(shape, Layout::plain);
    loss_ = backend.softmax_loss({logits_, dlogits, labels_, result_, targets_});
}

void Classifier::write(backend::Context& context, std::span<const float> images, std::span<const int> labels) {
    ATNAS_EXPECT(labels.size() == label_values_.size());
    ATNAS_EXPECT(std::ranges::all_of(labels, [&](int label) { return 0 <= label && label < way_; }));
    std::ranges::transform(labels, label_values_.begin(), [](int label) { return static_cast<float>(label); });
    backend_.write(context, images_, images);
    backend_.write(context, labels_, std::span<const float>(label_values_));
}

void Classifier::write_targets(backend::Context& context, std::span<const float> targets) {
    ATNAS_EXPECT(targets_ && targets.size() == targets_.shape.count());
    backend_.write(context, targets_, targets);
}

void Classifier::classify(backend::Context& context) {
    layer_->forward(context);
    loss_->forward(context);
}

void Classifier::backward(backend::Context& context) {
    loss_->backward(context);
    layer_->backward(context);
}

PassResult Classifier::result(backend::Context& context) {
    double values[2];
    backend_.read(context, result_, values);
    return {values[0], values[1] / static_cast<double>(label_values_.size())};
}

std::vector<float> Classifier::logits(backend::Context& context) {
    std::vector<float> values(label_values_.size() * static_cast<std::size_t>(way_));
    backend_.read(context, logits_, std::span<float>(values));
    return values;
}

}  // namespace atnas::nn
