// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/task_plan.hpp"

#include <functional>
#include <utility>

#include "atnas/backend/device_services.hpp"
#include "atnas/core/contract.hpp"

namespace atnas::meta {
namespace {

nn::WeightSlice::Options slice_of(const PlanNetwork& network, const InnerLoopOptions& inner_loop) {
    const bool two_parts = network.head.starts_from() == nn::Head::StartsFrom::features;
    return {network.graph.blocks(),
            network.parameters,
            two_parts ? nn::WeightSlice::Gradients::two : nn::WeightSlice::Gradients::one,
            inner_loop.optimizer,
            inner_loop.kept_steps,
            network.rates,
            inner_loop.query_losses == QueryLosses::every_step ? nn::WeightSlice::Sum::weighted
                                                               : nn::WeightSlice::Sum::none};
}

/// How the first batch of a plan normalises.
nn::Pass::Options first_batch(const TaskShape& shape) {
    const int batch = shape.statistics == Statistics::joint ? shape.support + shape.queries : shape.support;
    return {batch,
            shape.statistics == Statistics::running ? backend::NormStatistics::given : backend::NormStatistics::batch};
}

}  // namespace

TaskPlan::TaskPlan(const PlanPlace& place, PlanNetwork network, const TaskShape& shape,
                   const InnerLoopOptions& inner_loop)
    : backend_(place.backend),
      context_(place.context),
      network_(std::move(network)),
      shape_(shape),
      weights_(place.backend, place.arena.reset(), place.weights, slice_of(network_, inner_loop)),
      moments_(place.arena, network_.graph),
      query_moments_(place.arena, network_.graph),
      support_batch_(place.backend, place.arena, {network_.graph, network_.head, weights_, moments_},
                     first_batch(shape)),
      support_(place.backend, place.arena, {network_.head, weights_, shape.way}, support_batch_, {0, shape.support}),
      query_batch_(second_batch(place)),
      query_(place.backend, place.arena, {network_.head, weights_, shape.way}, query_batch(), query_rows()),
      head_start_(network_.head.start(place.backend, weights_,
                                      {support_.features(), support_.feature_gradient(), support_.labels()})),
      times_(backend::phase_observer_of(place.backend)) {}

std::unique_ptr<nn::FeatureExtractor> TaskPlan::second_batch(const PlanPlace& place) const {
    if (shape_.statistics == Statistics::joint) return nullptr;
    const bool own = shape_.statistics == Statistics::query;
    return std::make_unique<nn::FeatureExtractor>(
        place.backend, place.arena,
        nn::FeatureExtractor::Network{network_.graph, network_.head, weights_, own ? query_moments_ : moments_},
        nn::Pass::Options{shape_.queries, own ? backend::NormStatistics::batch : backend::NormStatistics::given});
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

std::vector<float> TaskPlan::normalising_moments() const {
    ATNAS_EXPECT(!is_transductive(shape_.statistics));
    return moments_.values(backend_, context_);
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
    if (!support_features_current_) support_batch_.forward(context_);
    support_features_current_ = true;
}

void TaskPlan::clear_gradient_of(const nn::Rows& rows) {
    if (is_one_batch()) support_batch_.clear_feature_gradient(context_, rows);
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

void TaskPlan::keep_step(float rate) {
    const PhaseScope scope(times_, Phase::forward);
    ATNAS_EXPECT(weights_.kept_steps() == steps_);
    weights_.keep_step(context_, rate);
}

void TaskPlan::support_forward() {
    extract_support();
    support_.classify(context_);
}

void TaskPlan::support_backward_to_network() {
    clear_gradient_of(query_rows());
    support_.backward(context_);
    support_batch_.backward_through_scale(context_);
}

void TaskPlan::backward_through_steps() {
    ATNAS_EXPECT(weights_.kept_steps() == steps_);
    weights_.backward_through_steps(context_, [this] {
        support_features_current_ = false;
        support_forward();
        support_backward_to_network();
        support_batch_.backward_through_network(context_);
    });
}

void TaskPlan::step(float rate, nn::WeightSlice::Part adapted) {
    {
        const PhaseScope scope(times_, Phase::forward);
        support_forward();
    }
    const PhaseScope scope(times_, Phase::backward);
    support_backward_to_network();
    if (adapted == nn::WeightSlice::Part::all) support_batch_.backward_through_network(context_);
    weights_.descend(context_, rate, adapted);
    if (adapted == nn::WeightSlice::Part::all)
        support_features_current_ = false;
    else
        support_batch_.scale(context_);
    ++steps_;
}

void TaskPlan::query_forward() {
    const PhaseScope scope(times_, Phase::forward);
    // Its statistics are those of the support set under the adapted weights, or it is in the same batch.
    if (shape_.statistics == Statistics::support || is_one_batch()) extract_support();
    if (query_batch_) query_batch_->forward(context_);
    query_.classify(context_);
}

void TaskPlan::query_forward(const data::LabelledImages& queries) {
    ATNAS_EXPECT(!is_one_batch());
    query_.write(context_, queries.images, queries.labels);
    query_forward();
}

void TaskPlan::begin_query_gradient() {
    weights_.begin_gradient(context_);
    if (!starts_from_features() || steps_ > 0) clear_gradient_of({0, shape_.support});
    query_.backward(context_);
}

void TaskPlan::query_backward_to_weights() {
    query_batch().backward(context_);
    if (learns_rates()) weights_.backward_to_rates(context_);
}

void TaskPlan::count_query_loss(double weight) {
    ATNAS_EXPECT(steps_ > 0 && weights_.kept_steps() == 0);
    query_forward();
    const PhaseScope scope(times_, Phase::backward);
    begin_query_gradient();
    query_backward_to_weights();
    weights_.collect(context_, weight);
}

nn::FeatureExtractor* TaskPlan::query_backward_to_network() {
    begin_query_gradient();
    const bool second_order = weights_.kept_steps() > 0;
    const bool collected = weights_.has_collected();
    if (!starts_from_features() && !second_order && !learns_rates() && !collected) {
        query_batch().backward_through_scale(context_);
        return &query_batch();
    }
    if (!is_one_batch() || steps_ > 0) {
        query_backward_to_weights();
        if (second_order) backward_through_steps();
        if (collected) weights_.add_collected(context_);
        if (!starts_from_features()) return nullptr;
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
    support_batch_.backward_through_scale(context_);
    return &support_batch_;
}

void TaskPlan::query_backward() {
    const PhaseScope scope(times_, Phase::backward);
    if (nn::FeatureExtractor* const last = query_backward_to_network()) last->backward_through_network(context_);
}

void TaskPlan::query_backward(backend::ExactSum& into, const std::function<void()>& adding, const Ready& ready) {
    const PhaseScope scope(times_, Phase::backward);
    nn::FeatureExtractor* const last = query_backward_to_network();
    adding();
    weights_.begin_adding();
    const auto add = [&](std::span<const nn::BlockId> blocks) { ready(weights_.add_blocks(context_, blocks, into)); };
    if (last == nullptr) {
        add(weights_.blocks());
        return;
    }
    add(weights_.head_blocks());
    last->backward_through_network(context_, std::ref(add));
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
