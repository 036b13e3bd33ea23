// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/inner_optimizer.hpp"

#include <cmath>
#include <span>

namespace atnas::nn {
namespace {

constexpr float momentum = 0.9f;
constexpr double beta2 = 0.999;
constexpr double epsilon = 1e-8;

std::size_t moments_of(InnerOptimizerKind kind) noexcept {
    switch (kind) {
        case InnerOptimizerKind::sgd:
            return 0;
        case InnerOptimizerKind::momentum:
            return 1;
        case InnerOptimizerKind::adam:
            return 2;
    }
    return 0;
}

/// Step \p n of a task, counted from 1; the correction of the second moment's bias is moved into rate and epsilon.
backend::AdamStep adam_step(float rate, int n) noexcept {
    const double correction = std::sqrt(1.0 - std::pow(beta2, n));
    return {static_cast<float>(rate * correction), 0.0f, static_cast<float>(beta2),
            static_cast<float>(epsilon * correction)};
}

}  // namespace

InnerOptimizer::InnerOptimizer(backend::Backend& backend, Arena& arena, InnerOptimizerKind kind, std::size_t elements)
    : backend_(backend), kind_(kind) {
    for (std::size_t m = 0; m < moments_of(kind); ++m) moments_.push_back(arena.take_buffer(elements));
}

void InnerOptimizer::begin(backend::Context& context) {
    for (const auto& moment : moments_) backend_.fill(context, *moment, {0, moment->size()}, 0.0);
    steps_ = 0;
}

void InnerOptimizer::step(backend::Context& context, float rate, const backend::Buffer& gradient,
                          backend::Buffer& values, backend::Range range) {
    ++steps_;
    switch (kind_) {
        case InnerOptimizerKind::sgd:
            backend_.axpy(context, -static_cast<double>(rate), gradient, range.first, values, range);
            return;
        case InnerOptimizerKind::momentum:
            backend_.sgd(context, {rate, momentum}, std::span(&range, 1), gradient, values, *moments_[0]);
            return;
        case InnerOptimizerKind::adam: {
            const backend::AdamRange whole{range, adam_step(rate, steps_)};
            backend_.adam(context, std::span(&whole, 1), gradient, values, *moments_[0], *moments_[1]);
            return;
        }
    }
}

}  // namespace atnas::nn
