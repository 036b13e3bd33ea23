// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/batch_plan.hpp"

#include <utility>

#include "atnas/backend/device_services.hpp"
#include "atnas/core/contract.hpp"

namespace atnas::meta {
BatchPlan::BatchPlan(const PlanPlace& place, PlanNetwork network, const BatchShape& shape)
    : backend_(place.backend),
      context_(place.context),
      network_(std::move(network)),
      weights_(place.backend, place.arena.reset(), place.weights, {network_.graph.blocks(), network_.parameters}),
      moments_(place.arena, network_.graph),
      batch_(place.backend, place.arena, {network_.graph, network_.head, weights_, moments_}, {shape.images}),
      classifier_(place.backend, place.arena, {network_.head, weights_, shape.classes, shape.targets}, batch_,
                  {0, shape.images}),
      nothing_lost_(static_cast<std::size_t>(network_.graph.drops() * shape.images), 1.0F),
      times_(backend::phase_observer_of(place.backend)) {}

void BatchPlan::write(const data::LabelledImages& batch) {
    classifier_.write(context_, batch.images, batch.labels);
    if (!nothing_lost_.empty()) write_factors(nothing_lost_);
}

void BatchPlan::write_factors(std::span<const float> factors) {
    ATNAS_EXPECT(factors.size() == nothing_lost_.size());
    backend_.write(context_, batch_.factors(), factors);
}

void BatchPlan::measure() {
    const PhaseScope scope(times_, Phase::forward);
    weights_.load(context_);
    batch_.forward(context_);
}

void BatchPlan::run() {
    measure();
    {
        const PhaseScope scope(times_, Phase::forward);
        classifier_.classify(context_);
    }
    const PhaseScope scope(times_, Phase::backward);
    classifier_.backward(context_);
    batch_.backward(context_);
}

void BatchPlan::add_gradient(backend::ExactSum& into) {
    const PhaseScope scope(times_, Phase::backward);
    weights_.add_gradient(context_, into);
}

}  // namespace atnas::meta
