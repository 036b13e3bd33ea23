#pragma once
/// \file
/// All networks of a space in one set of weights, and the plans of its subnets.

#include <cstdint>
#include <list>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/nn/param_store.hpp"
#include "atnas/nn/plan.hpp"
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
    backend::Backend& backend() noexcept { return backend_; }
    /// Of the weights and of lane 0.
    backend::Context& context() noexcept { return context(0); }
    backend::Context& context(int lane) noexcept { return *lanes_[static_cast<std::size_t>(lane)].context; }
    int lanes() const noexcept { return static_cast<int>(lanes_.size()); }
    nn::ParamStore& weights() noexcept { return *weights_; }
    const nn::Manifest& manifest() const noexcept { return weights_->manifest(); }

    /// The subnet as a graph. \pre the genotype is legal
    nn::Graph graph(const space::Genotype& genotype);
    /// The plan of a subnet on a lane, made or remembered; valid until the next call for that lane. Plans of a lane
    /// share their working memory. \pre with Head::linear shape.way is the way of the options; the result of the lane's
    /// last task was read
    nn::Plan& plan(const space::Genotype& genotype, const nn::TaskShape& shape, int lane = 0);
    /// Compiles the extremes of the space for tasks of these shapes and takes the memory of all lanes and of all plans
    /// that will be remembered: afterwards such tasks ask the device for no more, whatever the genotype. On a GPU also
    /// where algorithms are looked for, and where the driver loads kernels: it does when they first run, and that may
    /// wait for all that runs then. \pre no task is in flight
    void warm_up(std::span<const nn::TaskShape> shapes);
    /// Bytes of working memory held for plans.
    std::size_t working_memory() const noexcept;

  private:
    struct CachedPlan {
        space::Genotype genotype;
        nn::TaskShape shape;
        std::unique_ptr<nn::Plan> plan;
    };
    struct Lane {
        std::unique_ptr<backend::Context> context;
        std::unique_ptr<nn::Arena> arena;
        std::list<CachedPlan> plans{};  ///< most recently used first
    };
    /// All that learning does with a plan, on images of ones; adds to \p gradient.
    void run_once(nn::Plan& plan, backend::ExactSum& gradient);

    backend::Backend& backend_;
    space::NetworkOptions options_;
    std::unique_ptr<space::SearchSpace> space_;
    std::vector<Lane> lanes_;
    nn::Manifest manifest_;
    std::unique_ptr<nn::ParamStore> weights_;
};

}  // namespace atnas::supernet
