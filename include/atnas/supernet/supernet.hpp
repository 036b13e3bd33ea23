// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// All networks of a space, or one of them, in one set of weights, and where tasks on its subnets run.

#include <cstdint>
#include <memory>
#include <span>
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

/// Learned rates of the inner loop, see nn::LearnedRates: the last of the shared weights are blocks [1, steps, 1, 1] of
/// them, "rates/<block>" for every block that tasks train, "rates/head/own<k>" for parameters that are the head's own.
struct RateOptions {
    int steps{0};         ///< that have rates; 0 = none are learned
    float initial{0.1f};  ///< all of them
};

/// A replica: one per rank. Not shared between threads.
class Supernet {
  public:
    /// Initial weights are a function of the seed. \p lanes: tasks that may be in flight at a time, each on a context
    /// of its own. Throws Error(bad_deck) for options that describe no network. \pre lanes >= 1
    Supernet(backend::Backend& backend, const space::NetworkOptions& options, std::uint64_t seed, int lanes = 1,
             const RateOptions& rates = {});
    /// The weights of one network and no others, by the names that they have among all; the head's shared ones too.
    /// What takes a genotype here takes this one. \pre the genotype is legal in the space of these options
    static Supernet of_one(backend::Backend& backend, const space::NetworkOptions& options,
                           const space::Genotype& genotype, std::uint64_t seed);

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
    nn::Graph graph(const space::Genotype& genotype, space::Drops drops = space::Drops::no);
    const nn::Head& head() const noexcept { return nn::head_of(options_.head); }
    /// \pre where the head is learned over tasks, \p way is that of the options; \p features are those of a subnet
    nn::HeadParameters head_parameters(int way, int features);
    bool learns_rates() const noexcept { return rates_.steps > 0; }
    /// Of a subnet with these blocks and parameters, as nn::WeightSlice takes them; none where they are not learned.
    std::vector<nn::BlockId> rates(std::span<const nn::BlockId> network, const nn::HeadParameters& head);
    /// Of nn::pretraining_head(). \pre the options have classes for it
    nn::HeadParameters pretraining_parameters(int features);
    /// Bytes held by the arenas.
    std::size_t working_memory() const noexcept;

  private:
    /// \p only: the network whose weights there are; null = all of the space.
    Supernet(backend::Backend& backend, const space::NetworkOptions& options, const space::Genotype* only,
             std::uint64_t seed, int lanes, const RateOptions& rates);

    struct Lane {
        std::unique_ptr<backend::Context> context;
        std::unique_ptr<nn::Arena> arena;
    };

    backend::Backend& backend_;
    space::NetworkOptions options_;
    std::unique_ptr<space::SearchSpace> space_;
    std::vector<Lane> lanes_;
    RateOptions rates_;
    nn::Manifest manifest_;
    std::unique_ptr<nn::ParamStore> weights_;
};

}  // namespace atnas::supernet
