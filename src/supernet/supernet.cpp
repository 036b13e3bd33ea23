#include "atnas/supernet/supernet.hpp"

#include "atnas/core/contract.hpp"
#include "atnas/space/search_space.hpp"
#include "atnas/supernet/cell_network.hpp"
#include "atnas/supernet/conv4_network.hpp"

namespace atnas::supernet {
namespace {

nn::Manifest lay_out(const space::NetworkOptions& options) {
    static_cast<void>(space::make_search_space(options));  // says what is wrong with the options
    nn::Manifest manifest;
    int features = 0;
    if (options.kind == space::SpaceKind::conv4) {
        features = make_conv4(manifest, options).features();
    } else {
        features = require_cell_blocks(manifest, options);
    }
    nn::head_of(options.head).parameters(manifest, options.way, features);
    return manifest;
}

}  // namespace

Supernet::Supernet(backend::Backend& backend, const space::NetworkOptions& options, std::uint64_t seed, int lanes)
    : backend_(backend), options_(options), manifest_(lay_out(options)) {
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
    if (options_.kind == space::SpaceKind::conv4) return make_conv4(manifest_, options_);
    return make_cell_subnet(manifest_, options_, space::decode(genotype, options_.preset));
}

nn::HeadParameters Supernet::head_parameters(int way, int features) {
    nn::HeadParameters parameters = head().parameters(manifest_, way, features);
    ATNAS_ENSURE(manifest_.size() == weights_->size());
    return parameters;
}

}  // namespace atnas::supernet
