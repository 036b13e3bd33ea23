// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// All networks of a space in one set of weights, and where tasks on its subnets run.

#include <cstdint>
#include <memory>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/nn/arena.hpp"
#include "atnas/nn/graph.hpp"
#include "atnas/nn/head.hpp"
#include "atnas/nn/manifest.hpp"
#include "atnas/nn/param_store.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/space/network_options.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::supernet {

/// A replica: one per rank. Not shared between threads.
class Supernet {
  public:
    /// Initial weights are a function of the seed. \p lanes: tasks that may be in flight at a time, each on a context
    /// of its own. Throws Error(bad_deck) for options that describe no network. \pre lanes >= 1
    Supernet(backend::Backend& backend, const space::NetworkOptions& options, std::uint64_t seed, int lanes = 1);

    const space::NetworkOptions& options() const noexcept { return options_; }
    const space::SearchSpace& space() const noexcept { return *space_; }
    backend::Backend& backend() noexcept { return backend_; }
    /// Of the weights and of lane 0.
    backend::Context& context() noexcept { return context(0); }
    backend::Context& context(int lane) noexcept { return *lanes_[static_cast<std::size_t>(lane)].context; }
    /// Memory of the plans of that lane, which lie over each other.
    nn::Arena& arena(int lane) noexcept { return *lanes_[static_cast<std::size_t>(lane)].arena; }
    int lanes() const noexcept { return static_cast<int>(lanes_.size()); }
    nn::ParamStore& weights() noexcept { return *weights_; }
    const nn::Manifest& manifest() const noexcept { return weights_->manifest(); }

    /// The subnet as a graph. \pre the genotype is legal
    nn::Graph graph(const space::Genotype& genotype);
    const nn::Head& head() const noexcept { return nn::head_of(options_.head); }
    /// \pre where the head is learned over tasks, \p way is that of the options; \p features are those of a subnet
    nn::HeadParameters head_parameters(int way, int features);
    /// Of nn::pretraining_head(). \pre the options have classes for it
    nn::HeadParameters pretraining_parameters(int features);
    /// Bytes held by the arenas.
    std::size_t working_memory() const noexcept;

  private:
    struct Lane {
        std::unique_ptr<backend::Context> context;
        std::unique_ptr<nn::Arena> arena;
    };

    backend::Backend& backend_;
    space::NetworkOptions options_;
    std::unique_ptr<space::SearchSpace> space_;
    std::vector<Lane> lanes_;
    nn::Manifest manifest_;
    std::unique_ptr<nn::ParamStore> weights_;
};

}  // namespace atnas::supernet
