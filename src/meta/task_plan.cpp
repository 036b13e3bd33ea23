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

nn::WeightSlice::Options slice_of(const TaskPlan::Network& network, nn::InnerOptimizerKind optimizer) {
    const bool two_parts = network.head.starts_from() == nn::Head::StartsFrom::features;
    return {network.graph.blocks(), network.parameters,
            two_parts ? nn::WeightSlice::Gradients::two : nn::WeightSlice::Gradients::one, optimizer};
}

nn::Pass make_pass(const TaskPlan::Place& place, const nn::Graph& graph, const nn::WeightSlice& weights,
                   const nn::NormMoments& moments, const nn::Pass::Options& options) {
    return {place.backend, place.arena, {graph, [&](nn::BlockId id) { return weights.block(id); }, moments}, options};
}

/// How the first pass of a plan normalises.
nn::Pass::Options first_pass(const TaskShape& shape) {
    const int batch = shape.statistics == Statistics::joint ? shape.support + shape.queries : shape.support;
    return {batch,
            shape.statistics == Statistics::running ? backend::NormStatistics::given : backend::NormStatistics::batch};
}

}  // namespace

TaskPlan::TaskPlan(const Place& place, Network network, const TaskShape& shape, nn::InnerOptimizerKind optimizer)
    : backend_(place.backend),
      context_(place.context),
      network_(std::move(network)),
      shape_(shape),
      weights_(place.backend, emptied(place.arena), place.weights, slice_of(network_, optimizer)),
      moments_(place.arena, network_.graph),
      query_moments_(place.arena, network_.graph),
      support_pass_(make_pass(place, network_.graph, weights_, moments_, first_pass(shape))),
      query_pass_(second_pass(place, network_.graph)),
      support_(place.backend, place.arena, {network_.head, weights_, shape.way}, support_pass_, {0, shape.support}),
      query_(place.backend, place.arena, {network_.head, weights_, shape.way}, query_pass(), query_rows()),
      head_start_(network_.head.start(place.backend, weights_,
                                      {support_.features(), support_.feature_gradient(), support_.labels()})),
      times_(backend::phase_observer_of(place.backend)) {
    ATNAS_EXPECT(!starts_from_features() || network_.parameters.shared.empty());
}

std::optional<nn::Pass> TaskPlan::second_pass(const Place& place, const nn::Graph& graph) const {
    if (shape_.statistics == Statistics::joint) return {};
    const bool own = shape_.statistics == Statistics::query;
    return make_pass(place, graph, weights_, own ? query_moments_ : moments_,
                     {shape_.queries, own ? backend::NormStatistics::batch : backend::NormStatistics::given});
}

bool TaskPlan::starts_from_features() const noexcept {
    return network_.head.starts_from() == nn::Head::StartsFrom::features;
}

void TaskPlan::write_task(const data::Task& task) {
    ATNAS_EXPECT(shape_of(task, shape_.statistics) == shape_ && data::labels_fit(task));
    support_.write(context_, task.support.images, task.support.labels);
    query_.write(context_, task.query.images, task.query.labels);
    support_features_current_ = false;
}

void TaskPlan::normalise_by(const nn::NormMoments& moments) {
    ATNAS_EXPECT(shape_.statistics == Statistics::running);
    moments_.set(backend_, context_, moments);
}

const nn::NormMoments& TaskPlan::measure() {
    ATNAS_EXPECT(shape_.statistics == Statistics::joint);
    const PhaseScope scope(times_, Phase::forward);
    weights_.load(context_);
    support_features_current_ = false;
    extract_support();
    return moments_;
}

void TaskPlan::extract_support() {
    if (!support_features_current_) support_pass_.forward(context_);
    support_features_current_ = true;
}

void TaskPlan::clear_gradient_of(const nn::Rows& rows) {
    if (is_one_batch()) support_pass_.clear_feature_gradient(backend_, context_, rows);
}

void TaskPlan::start() {
    const PhaseScope scope(times_, Phase::forward);
    weights_.load(context_);
    support_features_current_ = false;
    steps_ = 0;
    // The statistics of the support set are wanted even where no step is taken.
    if (starts_from_features() || shape_.statistics == Statistics::support) extract_support();
    if (head_start_) head_start_->forward(context_);
}

void TaskPlan::step(float rate, nn::WeightSlice::Part adapted) {
    {
        const PhaseScope scope(times_, Phase::forward);
        extract_support();
        support_.classify(context_);
    }
    const PhaseScope scope(times_, Phase::backward);
    clear_gradient_of(query_rows());
    support_.backward(context_);
    if (adapted == nn::WeightSlice::Part::all) {
        support_pass_.backward(context_);
        support_features_current_ = false;
    }
    weights_.descend(context_, rate, adapted);
    ++steps_;
}

void TaskPlan::query_forward() {
    const PhaseScope scope(times_, Phase::forward);
    // Its statistics are those of the support set under the adapted weights, or it is in the same batch.
    if (shape_.statistics == Statistics::support || is_one_batch()) extract_support();
    if (query_pass_) query_pass_->forward(context_);
    query_.classify(context_);
}

nn::Pass& TaskPlan::query_backward_to_last_pass() {
    weights_.begin_gradient();
    if (!starts_from_features() || steps_ > 0) clear_gradient_of({0, shape_.support});
    query_.backward(context_);
    if (!starts_from_features()) return query_pass();
    if (!is_one_batch() || steps_ > 0) {
        query_pass().backward(context_);
        weights_.set_aside(context_);
        clear_gradient_of(query_rows());
    }
    if (steps_ > 0) {
        weights_.load(context_);
        support_features_current_ = false;
        extract_support();
        head_start_->forward(context_);
    }
    head_start_->backward(context_);
    return support_pass_;
}

void TaskPlan::query_backward() {
    const PhaseScope scope(times_, Phase::backward);
    query_backward_to_last_pass().backward(context_);
}

void TaskPlan::query_backward(backend::ExactSum& into, const std::function<void()>& adding, const Ready& ready) {
    const PhaseScope scope(times_, Phase::backward);
    nn::Pass& last = query_backward_to_last_pass();
    adding();
    weights_.begin_adding();
    const auto add = [&](std::span<const nn::BlockId> blocks) { ready(weights_.add_blocks(context_, blocks, into)); };
    add(weights_.head_blocks());
    last.backward(context_, std::ref(add));
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
