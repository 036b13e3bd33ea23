// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/gradient_step.hpp"

namespace atnas::engine {

GradientStep::GradientStep(const Place& place, const meta::OuterOptions& options, int most_items)
    : place_(place),
      optimizer_(meta::make_outer_optimizer(place.network.backend(), place.network.context(), place.network.weights(),
                                            options)),
      gradient_(place.network.backend(), place.network.context(), place.network.weights(), most_items) {}

void GradientStep::begin() {
    gradient_.clear();
    place_.reducer.begin(gradient_.sum());
}

void GradientStep::seal() {
    gradient_.seal();
    // All of it is queued before this rank waits for another one's host: on a GPU, parts that are queued wait for those
    // of other ranks, and calls that wait for the device for them.
    place_.reducer.ready(place_.network.context(), 0);
}

meta::MetaGradient::Summary GradientStep::reduce(PhaseTimes& times) {
    {
        const PhaseScope scope(times, Phase::reduction);
        place_.reducer.finish(place_.network.context());
    }
    const PhaseScope scope(times, Phase::optimizer);
    return gradient_.summary();
}

void GradientStep::make(const meta::MetaGradient::Summary& summary, double rate, PhaseTimes& times) {
    const PhaseScope scope(times, Phase::optimizer);
    if (summary.finite) optimizer_->step(gradient_.sum(), summary.uses, rate);
}

}  // namespace atnas::engine
