// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Pretraining: the first iterations of a search learn to tell all training classes apart, by mini-batches through its
/// subnets and one linear head that nothing uses afterwards (Chen et al. 2019, "A closer look at few-shot
/// classification").

#include <cstddef>
#include <cstdint>

#include "atnas/core/random.hpp"
#include "atnas/data/batch_sampler.hpp"
#include "atnas/meta/batch_plans.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::engine {

struct PretrainingOptions {
    int iterations{0};  ///< the first so many of the search; 0 = none
    int batches{4};     ///< mini-batches of an iteration, over all islands: its items of work
    int images{64};     ///< of a mini-batch, which is normalised by its own statistics
    double rate{1e-3};  ///< of the optimizer meanwhile
};

/// Mini-batches of one replica.
class Pretraining {
  public:
    /// Keeps a reference. \p plans_kept: by each lane. \pre the supernet has a head for the classes of the sampler
    Pretraining(supernet::Supernet& supernet, data::BatchSampler batches, std::size_t plans_kept);

    /// Of a subnet on a lane, as BatchPlans::plan().
    meta::BatchPlan& plan(const space::Genotype& path, int lane) { return plans_.plan(path, lane); }
    /// Queues the mini-batch of that key; its gradient stays in the plan.
    void queue(const RandomKey& key, meta::BatchPlan& plan);

  private:
    data::BatchSampler sampler_;
    meta::BatchPlans plans_;
    data::LabelledImages batch_;
};

}  // namespace atnas::engine
