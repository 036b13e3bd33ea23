// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A step on weights of which every rank has a replica: what all ranks found for their items is summed exactly, and
/// every replica steps alike.

#include <memory>

#include "atnas/comm/gradient_reducer.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/meta/meta_gradient.hpp"
#include "atnas/meta/outer_optimizer.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::engine {

/// One step after the other: begin(), any number of items into gradient(), seal(), reduce(), and make() or nothing.
class GradientStep {
  public:
    /// Both outlive it.
    struct Place {
        supernet::Supernet& network;
        comm::GradientReducer& reducer;
    };
    /// \p most_items: of a step, on all ranks together
    GradientStep(const Place& place, const meta::OuterOptions& options, int most_items);

    /// Collective.
    void begin();
    meta::MetaGradient& gradient() noexcept { return gradient_; }
    const meta::MetaGradient& gradient() const noexcept { return gradient_; }
    /// This rank has no more items: what the reducer can do without waiting for other ranks is queued. Not collective,
    /// but every rank calls it.
    void seal();
    /// The sum over all ranks. Collective.
    meta::MetaGradient::Summary reduce(PhaseTimes& times);
    /// Steps by \p rate where the sum is finite. \pre summary is that of the last reduce()
    void make(const meta::MetaGradient::Summary& summary, double rate, PhaseTimes& times);

    meta::OuterOptimizer& optimizer() noexcept { return *optimizer_; }

  private:
    Place place_;
    std::unique_ptr<meta::OuterOptimizer> optimizer_;
    meta::MetaGradient gradient_;  ///< of this rank's items, then of all
};

}  // namespace atnas::engine
