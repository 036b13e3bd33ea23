// SPDX-License-Identifier: Apache-2.0
#include "atnas/supernet/supernet.hpp"

#include <algorithm>
#include <string>

#include "atnas/core/contract.hpp"

namespace atnas::supernet {
namespace {

std::vector<nn::BlockId> require_rates(nn::Manifest& manifest, std::span<const nn::BlockId> blocks,
                                       const nn::HeadParameters& head, int steps) {
    std::vector<nn::BlockId> rates;
    const auto require = [&](const std::string& name) {
        // What they begin with is none of these values: the supernet writes it.
        rates.push_back(manifest.require("rates/" + name, {1, steps, 1, 1}, nn::Initial::zero));
    };
    for (const nn::BlockId id : blocks) require(manifest.block(id).name);
    for (const nn::BlockId id : head.shared) require(manifest.block(id).name);
    for (std::size_t k = 0; k < head.own.size(); ++k) require("head/own" + std::to_string(k));
    return rates;
}

/// Rates come last.
nn::Manifest lay_out(const space::SearchSpace& space, const space::NetworkOptions& options, const space::Genotype* only,
                     const RateOptions& rates) {
    nn::Manifest manifest;
    nn::Graph graph(manifest, shape_of(options.image));
    if (only != nullptr)
        space.build(*only, graph);
    else
        space.build_supernet(graph);
    const nn::HeadParameters head = nn::head_of(options.head).parameters(manifest, options.way, graph.features());
    if (options.pretrain_classes > 0)
        nn::pretraining_head().parameters(manifest, options.pretrain_classes, graph.features());
    if (rates.steps > 0) require_rates(manifest, graph.blocks(), head, rates.steps);
    return manifest;
}

}  // namespace

Supernet::Supernet(backend::Backend& backend, const space::NetworkOptions& options, std::uint64_t seed, int lanes,
                   const RateOptions& rates)
    : Supernet(backend, options, nullptr, seed, lanes, rates) {}

Supernet Supernet::of_one(backend::Backend& backend, const space::NetworkOptions& options,
                          const space::Genotype& genotype, std::uint64_t seed) {
    return {backend, options, &genotype, seed, 1, {}};
}

Supernet::Supernet(backend::Backend& backend, const space::NetworkOptions& options, const space::Genotype* only,
                   std::uint64_t seed, int lanes, const RateOptions& rates)
    : backend_(backend),
      options_(options),
      space_(space::make_search_space(options)),
      rates_(rates),
      manifest_(lay_out(*space_, options, only, rates)) {
    ATNAS_EXPECT(lanes >= 1);
    for (int lane = 0; lane < lanes; ++lane)
        lanes_.push_back({backend.make_context(), std::make_unique<nn::Arena>(backend)});
    weights_ = std::make_unique<nn::ParamStore>(backend, context(), manifest_, seed);
    const auto first_rate = std::ranges::find_if(
        manifest_.blocks(), [](const nn::Block& block) { return block.name.starts_with("rates/"); });
    if (first_rate != manifest_.blocks().end())
        backend.fill(context(), weights_->values(), {first_rate->offset, manifest_.size() - first_rate->offset},
                     rates.initial);
}

std::size_t Supernet::working_memory() const noexcept {
    std::size_t bytes = 0;
    for (const Lane& lane : lanes_) bytes += lane.arena->capacity();
    return bytes;
}

nn::Graph Supernet::graph(const space::Genotype& genotype, space::Drops drops) {
    nn::Graph graph(manifest_, shape_of(options_.image), drops);
    space_->build(genotype, graph);
    ATNAS_ENSURE(manifest_.size() == weights_->size());
    return graph;
}

nn::HeadParameters Supernet::head_parameters(int way, int features) {
    nn::HeadParameters parameters = head().parameters(manifest_, way, features);
    ATNAS_ENSURE(manifest_.size() == weights_->size());
    return parameters;
}

std::vector<nn::BlockId> Supernet::rates(std::span<const nn::BlockId> network, const nn::HeadParameters& head) {
    if (!learns_rates()) return {};
    std::vector<nn::BlockId> rates = require_rates(manifest_, network, head, rates_.steps);
    ATNAS_ENSURE(manifest_.size() == weights_->size());
    return rates;
}

nn::HeadParameters Supernet::pretraining_parameters(int features) {
    nn::HeadParameters parameters = nn::pretraining_head().parameters(manifest_, options_.pretrain_classes, features);
    ATNAS_ENSURE(manifest_.size() == weights_->size());
    return parameters;
}

}  // namespace atnas::supernet
