// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/trajectory.hpp"

#include <cmath>

#include "atnas/core/contract.hpp"

namespace atnas::nn {
namespace {

/// How far from w_k gradients are compared, in lengths of w_k. ReLUs and maxima make gradients jump; a jump between two
/// points that are compared shows as itself over their distance, and so many units as a network has are only passed by
/// a very short distance: on conv4, errors of 1 and more are the rule from 1e-5 on. Below 1e-6 the rounding of single
/// precision takes over: 1e-6 has median errors of 1 to 6 percent.
double relative_distance(backend::Precision precision) noexcept {
    return precision == backend::Precision::f64 ? 1e-7 : 1e-6;
}

}  // namespace

Trajectory::Trajectory(backend::Backend& backend, Arena& arena, std::size_t elements, int most_steps)
    : backend_(backend),
      carried_(arena.take_buffer(elements)),
      ahead_(arena.take_buffer(elements)),
      behind_(arena.take_buffer(elements)) {
    ATNAS_EXPECT(most_steps > 0);
    for (int step = 0; step < most_steps; ++step) before_.push_back(arena.take_buffer(elements));
    rates_.reserve(before_.size());
}

void Trajectory::keep(backend::Context& context, float rate, const backend::Buffer& values) {
    ATNAS_EXPECT(rates_.size() < before_.size());
    backend_.copy(context, values, 0, before(steps()), {0, values.size()});
    rates_.push_back(rate);
}

void Trajectory::differentiate(backend::Context& context, int step, double distance, const Arrays& arrays) {
    const backend::Range all{0, arrays.values.size()};
    const auto gradient_at = [&](double displacement) {
        backend_.copy(context, before(step), 0, arrays.values, all);
        backend_.axpy(context, displacement, *carried_, 0, arrays.values, all);
        arrays.step_gradient();
    };
    gradient_at(0);
    for (backend::Buffer* const side : {ahead_.get(), behind_.get()})
        backend_.copy(context, arrays.gradient, 0, *side, all);
    gradient_at(distance);
    backend_.axpy(context, -1.0, arrays.gradient, 0, *ahead_, all);
    gradient_at(-distance);
    backend_.axpy(context, -1.0, arrays.gradient, 0, *behind_, all);
}

void Trajectory::backward(backend::Context& context, const Arrays& arrays) {
    const backend::Range all{0, arrays.values.size()};
    const auto square = [&](const backend::Buffer& x) { return backend_.squared_norm(context, x, arrays.weights); };
    backend_.copy(context, arrays.gradient, 0, *carried_, all);
    for (int step = steps() - 1; step >= 0; --step) {
        const double length = std::sqrt(square(*carried_));
        if (length == 0) break;
        const double distance = relative_distance(backend_.precision()) * std::sqrt(square(before(step))) / length;
        differentiate(context, step, distance, arrays);
        // Where there is a jump, it is on one side, and the other one has the derivative.
        const double ahead = square(*ahead_);
        const double behind = square(*behind_);
        constexpr double alike = 4;
        const double part_ahead = ahead > alike * behind ? 0.0 : behind > alike * ahead ? 1.0 : 0.5;
        const double factor = rates_[static_cast<std::size_t>(step)] / distance;
        if (part_ahead > 0) backend_.axpy(context, factor * part_ahead, *ahead_, 0, *carried_, all);
        if (part_ahead < 1) backend_.axpy(context, -factor * (1 - part_ahead), *behind_, 0, *carried_, all);
    }
    backend_.copy(context, *carried_, 0, arrays.gradient, all);
}

}  // namespace atnas::nn
