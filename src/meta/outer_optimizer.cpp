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

    std::map<std::string, backend::Buffer*> moments() override {
        return {{"first_moment", first_.get()}, {"second_moment", second_.get()}};
    }

  private:
    void step_blocks(backend::Buffer& gradient, std::span<const Due> due, double rate) override {
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
        backend_.adam(context_, ranges, gradient, weights_.values(), *first_, *second_);
    }

    std::unique_ptr<backend::Buffer> first_, second_;
};

class Sgd final : public OuterOptimizer {
  public:
    Sgd(backend::Backend& backend, backend::Context& context, nn::ParamStore& weights, const OuterOptions& options)
        : OuterOptimizer(backend, context, weights, options), velocity_(weights.make_like()) {}

    std::map<std::string, backend::Buffer*> moments() override { return {{"velocity", velocity_.get()}}; }

  private:
    void step_blocks(backend::Buffer& gradient, std::span<const Due> due, double rate) override {
        std::vector<backend::Range> ranges;
        for (const Due& block : due) ranges.push_back(block.range);
        backend_.sgd(context_, {static_cast<float>(rate), static_cast<float>(options_.momentum)}, ranges, gradient,
                     weights_.values(), *velocity_);
    }

    std::unique_ptr<backend::Buffer> velocity_;
};

}  // namespace

double rate_at(const OuterOptions& options, int iteration) noexcept {
    if (options.schedule == Schedule::constant) return options.rate;
    const double part = std::min(1.0, static_cast<double>(iteration) / std::max(1, options.iterations));
    return options.final_rate + 0.5 * (options.rate - options.final_rate) * (1.0 + std::cos(std::numbers::pi * part));
}

OuterOptimizer::OuterOptimizer(backend::Backend& backend, backend::Context& context, nn::ParamStore& weights,
                               const OuterOptions& options)
    : backend_(backend),
      context_(context),
      weights_(weights),
      options_(options),
      block_steps_(weights.manifest().blocks().size()) {}

StepOutcome OuterOptimizer::step(backend::Buffer& gradient, std::span<const float> uses, int iteration) {
    ATNAS_EXPECT(uses.size() == block_steps_.size());
    std::vector<Due> due;
    std::vector<backend::Range> ranges;
    std::vector<backend::ScaledRange> parts;
    for (std::size_t b = 0; b < uses.size(); ++b) {
        if (uses[b] == 0.0f) continue;
        ranges.push_back(weights_.range(static_cast<nn::BlockId>(b)));
        due.push_back({ranges.back(), block_steps_[b] + 1});
        parts.push_back({ranges.back(), 1.0f / uses[b]});
    }
    backend_.scale(context_, gradient, parts);
    const double squared_norm = backend_.squared_norm(context_, gradient, ranges);
    if (!std::isfinite(squared_norm)) return StepOutcome::skipped;
    if (const double norm = std::sqrt(squared_norm); options_.clip > 0 && norm > options_.clip) {
        for (backend::ScaledRange& part : parts) part.factor = static_cast<float>(options_.clip / norm);
        backend_.scale(context_, gradient, parts);
    }
    step_blocks(gradient, due, rate_at(options_, iteration));
    for (std::size_t b = 0; b < uses.size(); ++b) block_steps_[b] += uses[b] != 0.0f ? 1 : 0;
    return StepOutcome::done;
}

std::unique_ptr<OuterOptimizer> make_outer_optimizer(backend::Backend& backend, backend::Context& context,
                                                     nn::ParamStore& weights, const OuterOptions& options) {
    if (options.kind == OptimizerKind::sgd) return std::make_unique<Sgd>(backend, context, weights, options);
    return std::make_unique<Adam>(backend, context, weights, options);
}

}  // namespace atnas::meta
