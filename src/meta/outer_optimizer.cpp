// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/outer_optimizer.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "atnas/core/contract.hpp"

namespace atnas::meta {
namespace {

class Adam final : public OuterOptimizer {
  public:
    Adam(backend::Backend& backend, backend::Context& context, nn::ParamStore& weights, const OuterOptions& options)
        : OuterOptimizer(backend, context, weights, options),
          first_(weights.make_like()),
          second_(weights.make_like()) {}

  private:
    std::map<std::string, backend::Buffer*> own_moments() override {
        return {{"first_moment", first_.get()}, {"second_moment", second_.get()}};
    }
    void step_blocks(const backend::Buffer& mean, std::span<const Due> due, double rate) override {
        // m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + e), with both corrections moved into rate and epsilon.
        std::vector<backend::AdamRange> ranges;
        for (const auto& [range, steps] : due) {
            const double n = static_cast<double>(steps);
            const double second = std::sqrt(1.0 - std::pow(options_.beta2, n));
            ranges.push_back({range,
                              {static_cast<float>(rate * second / (1.0 - std::pow(options_.beta1, n))),
                               static_cast<float>(options_.beta1), static_cast<float>(options_.beta2),
                               static_cast<float>(options_.epsilon * second)}});
        }
        backend_.adam(context_, ranges, mean, weights_.values(), *first_, *second_);
    }

    std::unique_ptr<backend::Buffer> first_, second_;
};

class Sgd final : public OuterOptimizer {
  public:
    Sgd(backend::Backend& backend, backend::Context& context, nn::ParamStore& weights, const OuterOptions& options)
        : OuterOptimizer(backend, context, weights, options), velocity_(weights.make_like()) {}

  private:
    std::map<std::string, backend::Buffer*> own_moments() override { return {{"velocity", velocity_.get()}}; }
    void step_blocks(const backend::Buffer& mean, std::span<const Due> due, double rate) override {
        std::vector<backend::Range> ranges;
        for (const Due& block : due) ranges.push_back(block.range);
        backend_.sgd(context_, {static_cast<float>(rate), static_cast<float>(options_.momentum)}, ranges, mean,
                     weights_.values(), *velocity_);
    }

    std::unique_ptr<backend::Buffer> velocity_;
};

}  // namespace

double rate_at(const OuterOptions& options, int iteration) noexcept {
    double rate = options.rate;
    if (options.schedule == Schedule::cosine) {
        const double part = std::min(1.0, static_cast<double>(iteration) / std::max(1, options.iterations));
        rate =
            options.final_rate + 0.5 * (options.rate - options.final_rate) * (1.0 + std::cos(std::numbers::pi * part));
    }
    if (iteration < options.warmup) rate *= (iteration + 1.0) / options.warmup;
    return rate;
}

OuterOptimizer::OuterOptimizer(backend::Backend& backend, backend::Context& context, nn::ParamStore& weights,
                               const OuterOptions& options)
    : backend_(backend),
      context_(context),
      weights_(weights),
      options_(options),
      mean_(weights.make_like()),
      block_steps_(weights.manifest().blocks().size()) {
    if (options.average > 0) weights.keep_average(context);
}

std::map<std::string, backend::Buffer*> OuterOptimizer::moments() {
    auto all = own_moments();
    if (options_.average > 0) all.emplace("average", weights_.average());
    return all;
}

void OuterOptimizer::step(const backend::ExactSum& gradient, std::span<const std::int64_t> uses, double rate) {
    ATNAS_EXPECT(uses.size() == block_steps_.size());
    std::vector<Due> due;
    std::vector<backend::Range> ranges;
    std::vector<backend::ScaledRange> parts, decaying;
    const auto kept = static_cast<float>(1.0 - rate * options_.weight_decay);
    for (std::size_t b = 0; b < uses.size(); ++b) {
        if (uses[b] == 0) continue;
        const auto id = static_cast<nn::BlockId>(b);
        ranges.push_back(weights_.range(id));
        due.push_back({ranges.back(), block_steps_[b] + 1});
        parts.push_back({ranges.back(), 1.0f / static_cast<float>(uses[b])});
        if (space::is_drawn(weights_.manifest().block(id).initial)) decaying.push_back({ranges.back(), kept});
    }
    backend_.to_floats(context_, gradient, parts, *mean_);
    if (options_.clip > 0) clip(ranges);
    if (options_.weight_decay > 0) backend_.scale(context_, weights_.values(), decaying);
    step_blocks(*mean_, due, rate);
    if (options_.average > 0) take_average(due);
    for (std::size_t b = 0; b < uses.size(); ++b) block_steps_[b] += uses[b] != 0 ? 1 : 0;
}

void OuterOptimizer::clip(std::span<const backend::Range> ranges) {
    const double norm = std::sqrt(backend_.squared_norm(context_, *mean_, ranges));
    if (norm <= options_.clip) return;
    std::vector<backend::ScaledRange> parts;
    for (const backend::Range& range : ranges) parts.push_back({range, static_cast<float>(options_.clip / norm)});
    backend_.scale(context_, *mean_, parts);
}

void OuterOptimizer::take_average(std::span<const Due> stepped) {
    // A block's values after its n steps, weighed by d^0, d^1, ... from the newest on, over the sum of these: the
    // initial value, which is no result of learning, has no part in it.
    std::vector<backend::ScaledRange> parts;
    for (const auto& [range, steps] : stepped) {
        const double d = options_.average;
        parts.push_back({range, static_cast<float>((1.0 - d) / (1.0 - std::pow(d, static_cast<double>(steps))))});
    }
    backend_.lerp(context_, weights_.values(), *weights_.average(), parts);
}

std::unique_ptr<OuterOptimizer> make_outer_optimizer(backend::Backend& backend, backend::Context& context,
                                                     nn::ParamStore& weights, const OuterOptions& options) {
    if (options.kind == OptimizerKind::sgd) return std::make_unique<Sgd>(backend, context, weights, options);
    return std::make_unique<Adam>(backend, context, weights, options);
}

}  // namespace atnas::meta
