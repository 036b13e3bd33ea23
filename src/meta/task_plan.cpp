// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/task_plan.hpp"

#include <functional>
#include <utility>

#include "atnas/backend/device_services.hpp"
#include "atnas/core/contract.hpp"

namespace atnas::meta {
namespace {

nn::Arena& emptied(nn::Arena& arena) {
    arena.reset();
    return arena;
}

nn::WeightSlice::Options slice_of(const TaskPlan::Network& network) {
    const bool two_parts = network.head.starts_from() == nn::Head::StartsFrom::features;
    return {network.graph.blocks(), network.parameters,
            two_parts ? nn::WeightSlice::Gradients::two : nn::WeightSlice::Gradients::one};
}

nn::Classifier::Network with_weights(const TaskPlan::Network& network, const nn::WeightSlice& weights) {
    return {network.graph, network.head, weights};
}

}  // namespace

TaskPlan::TaskPlan(const Place& place, Network network, const TaskShape& shape)
    : context_(place.context),
      network_(std::move(network)),
      shape_(shape),
      weights_(place.backend, emptied(place.arena), place.weights, slice_of(network_)),
      support_(place.backend, place.arena, with_weights(network_, weights_), {shape.way, shape.support}),
      query_(place.backend, place.arena, with_weights(network_, weights_),
             {shape.way, shape.queries, shape.transductive == Transductive::no ? &support_.pass() : nullptr}),
      head_start_(network_.head.start(
          place.backend, weights_, {support_.features().features, support_.features().dfeatures, support_.labels()})),
      times_(backend::phase_observer_of(place.backend)) {}

bool TaskPlan::starts_from_features() const noexcept {
    return network_.head.starts_from() == nn::Head::StartsFrom::features;
}

void TaskPlan::write_task(const data::Task& task) {
    ATNAS_EXPECT(shape_of(task, shape_.transductive) == shape_ && data::labels_fit(task));
    support_.write(context_, task.support.images, task.support.labels);
    query_.write(context_, task.query.images, task.query.labels);
    support_features_current_ = false;
}

void TaskPlan::extract_support() {
    if (!support_features_current_) support_.extract(context_);
    support_features_current_ = true;
}

void TaskPlan::start() {
    const PhaseScope scope(times_, Phase::forward);
    weights_.load(context_);
    support_features_current_ = false;
    steps_ = 0;
    // The statistics of the support set are wanted even where no step is taken.
    if (starts_from_features() || shape_.transductive == Transductive::no) extract_support();
    if (head_start_) head_start_->forward(context_);
}

void TaskPlan::step(float rate) {
    {
        const PhaseScope scope(times_, Phase::forward);
        extract_support();
        support_.classify(context_);
    }
    const PhaseScope scope(times_, Phase::backward);
    support_.backward_to_features(context_);
    support_.backward_to_images(context_);
    weights_.descend(context_, rate);
    support_features_current_ = false;
    ++steps_;
}

void TaskPlan::query_forward() {
    const PhaseScope scope(times_, Phase::forward);
    // Its statistics are those of the support set under the adapted weights.
    if (shape_.transductive == Transductive::no) extract_support();
    query_.extract(context_);
    query_.classify(context_);
}

nn::Classifier& TaskPlan::query_backward_to_last_pass() {
    query_.backward_to_features(context_);
    if (!starts_from_features()) return query_;
    query_.backward_to_images(context_);
    weights_.set_aside(context_);
    if (steps_ > 0) {
        weights_.load(context_);
        support_features_current_ = false;
        extract_support();
        head_start_->forward(context_);
    }
    head_start_->backward(context_);
    support_.backward_through_scale(context_);
    return support_;
}

void TaskPlan::query_backward() {
    const PhaseScope scope(times_, Phase::backward);
    query_backward_to_last_pass().backward_to_images(context_);
}

void TaskPlan::query_backward(backend::ExactSum& into, const std::function<void()>& adding, const Ready& ready) {
    const PhaseScope scope(times_, Phase::backward);
    nn::Classifier& last = query_backward_to_last_pass();
    adding();
    weights_.begin_adding();
    const auto add = [&](std::span<const nn::BlockId> blocks) { ready(weights_.add_blocks(context_, blocks, into)); };
    add(weights_.head_blocks());
    last.backward_to_images(context_, std::ref(add));
}

void TaskPlan::add_query_gradient(backend::ExactSum& into) {
    const PhaseScope scope(times_, Phase::backward);
    weights_.add_gradient(context_, into);
}

void TaskPlan::add_weight_difference(backend::ExactSum& into) {
    const PhaseScope scope(times_, Phase::backward);
    // The gradients of the last step are not wanted any more.
    weights_.add_difference(context_, into);
}

}  // namespace atnas::meta
