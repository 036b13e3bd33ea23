// SPDX-License-Identifier: Apache-2.0
#include "atnas/supernet/supernet.hpp"

#include "atnas/core/contract.hpp"

namespace atnas::supernet {
namespace {

nn::Manifest lay_out(const space::SearchSpace& space, const space::NetworkOptions& options) {
    nn::Manifest manifest;
    nn::Graph all(manifest, shape_of(options.image));
    space.build_supernet(all);
    nn::head_of(options.head).parameters(manifest, options.way, all.features());
    if (options.pretrain_classes > 0)
        nn::pretraining_head().parameters(manifest, options.pretrain_classes, all.features());
    return manifest;
}

}  // namespace

Supernet::Supernet(backend::Backend& backend, const space::NetworkOptions& options, std::uint64_t seed, int lanes)
    : backend_(backend),
      options_(options),
      space_(space::make_search_space(options)),
      manifest_(lay_out(*space_, options)) {
    ATNAS_EXPECT(lanes >= 1);
    for (int lane = 0; lane < lanes; ++lane)
        lanes_.push_back({backend.make_context(), std::make_unique<nn::Arena>(backend)});
    weights_ = std::make_unique<nn::ParamStore>(backend, context(), manifest_, seed);
}

std::size_t Supernet::working_memory() const noexcept {
    std::size_t bytes = 0;
    for (const Lane& lane : lanes_) bytes += lane.arena->capacity();
    return bytes;
}

nn::Graph Supernet::graph(const space::Genotype& genotype) {
    nn::Graph graph(manifest_, shape_of(options_.image));
    space_->build(genotype, graph);
    return graph;
}

nn::HeadParameters Supernet::head_parameters(int way, int features) {
    nn::HeadParameters parameters = head().parameters(manifest_, way, features);
    ATNAS_ENSURE(manifest_.size() == weights_->size());
    return parameters;
}

nn::HeadParameters Supernet::pretraining_parameters(int features) {
    nn::HeadParameters parameters = nn::pretraining_head().parameters(manifest_, options_.pretrain_classes, features);
    ATNAS_ENSURE(manifest_.size() == weights_->size());
    return parameters;
}

}  // namespace atnas::supernet
