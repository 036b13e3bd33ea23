#pragma once
/// \file
/// All networks of a space in one set of weights, and the plans of its subnets.

#include <cstdint>
#include <list>
#include <memory>
#include <utility>

#include "atnas/backend/backend.hpp"
#include "atnas/nn/param_store.hpp"
#include "atnas/nn/plan.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::supernet {

/// A replica: one per rank. Not shared between threads.
class Supernet {
  public:
    /// Initial weights are a function of the seed. Throws Error(bad_deck) for options that describe no network.
    Supernet(backend::Backend& backend, const space::NetworkOptions& options, std::uint64_t seed);

    const space::NetworkOptions& options() const noexcept { return options_; }
    backend::Backend& backend() noexcept { return backend_; }
    backend::Context& context() noexcept { return *context_; }
    nn::ParamStore& weights() noexcept { return *weights_; }
    const nn::Manifest& manifest() const noexcept { return weights_->manifest(); }

    /// The subnet as a graph. \pre the genotype is legal
    nn::Graph graph(const space::Genotype& genotype);
    /// The plan of a subnet, made or remembered; valid until the next call. Plans share their working memory.
    /// \pre with Head::linear shape.way is the way of the options
    nn::Plan& plan(const space::Genotype& genotype, const nn::TaskShape& shape);
    /// Bytes of working memory held for plans.
    std::size_t working_memory() const noexcept { return arena_.capacity(); }

  private:
    struct CachedPlan {
        space::Genotype genotype;
        nn::TaskShape shape;
        std::unique_ptr<nn::Plan> plan;
    };

    backend::Backend& backend_;
    space::NetworkOptions options_;
    std::unique_ptr<backend::Context> context_;
    nn::Manifest manifest_;
    std::unique_ptr<nn::ParamStore> weights_;
    nn::Arena arena_;
    std::list<CachedPlan> plans_;  ///< most recently used first
};

}  // namespace atnas::supernet
