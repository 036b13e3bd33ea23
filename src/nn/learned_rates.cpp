// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/learned_rates.hpp"

#include <algorithm>

#include "atnas/core/contract.hpp"

namespace atnas::nn {

LearnedRates::LearnedRates(backend::Backend& backend, Arena& arena, backend::Buffer& values, backend::Buffer& gradients,
                           const Options& options)
    : backend_(backend), values_(values), gradients_(gradients), kept_(options.kept) {
    ATNAS_EXPECT(options.steps > 0 && !options.blocks.empty());
    const std::size_t first = std::ranges::min(options.blocks, {}, &Block::rates).rates;
    blocks_ = {0, first};
    rates_ = {first, values.size() - first};
    moves_ = arena.take_buffer(first);
    for (int step = 0; step < options.steps; ++step) {
        if (directions_.empty() || keeps_directions()) directions_.push_back(arena.take_buffer(first));
        with_rates_.push_back({*directions_.back(), {}});
        Step& added = with_rates_.back();
        for (const auto& [range, rates] : options.blocks) {
            ATNAS_EXPECT(range.first + range.count <= first);
            const backend::Shape column{static_cast<int>(range.count), 1, 1, 1};
            const backend::Shape one{1, 1, 1, 1};
            const std::size_t rate = rates + static_cast<std::size_t>(step);
            added.layers.push_back(backend.linear({.x = backend::view(added.direction, range.first, column),
                                                   .weight = backend::view(values, rate, one),
                                                   .dweight = backend::view(gradients, rate, one),
                                                   .y = backend::view(*moves_, range.first, column),
                                                   .dy = backend::view(gradients, range.first, column)}));
        }
    }
}

void LearnedRates::step(backend::Context& context) {
    const Step& now = with_rates_[std::min(steps_, with_rates_.size() - 1)];
    backend_.fill(context, now.direction, blocks_, 0.0);
    backend_.axpy(context, -1.0, gradients_, 0, now.direction, blocks_);
    for (const auto& layer : now.layers) layer->forward(context);
    backend_.axpy(context, 1.0, *moves_, 0, values_, blocks_);
    ++steps_;
}

void LearnedRates::backward(backend::Context& context) {
    ATNAS_EXPECT(keeps_directions() && steps_ <= with_rates_.size());
    clear_gradient(context);
    for (std::size_t step = 0; step < steps_; ++step)
        for (const auto& layer : with_rates_[step].layers) layer->backward(context);
}

void LearnedRates::clear_gradient(backend::Context& context) {
    backend_.fill(context, gradients_, rates_, 0.0);
}

}  // namespace atnas::nn
