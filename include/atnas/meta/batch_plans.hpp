// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The compiled plans of a supernet's subnets for mini-batches, on each of its lanes.

#include <cstddef>
#include <vector>

#include "atnas/meta/batch_plan.hpp"
#include "atnas/meta/plan_cache.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::meta {

class BatchPlans {
  public:
    /// Keeps a reference. \p kept: plans that each lane remembers. \pre the supernet has a head for pretraining
    BatchPlans(supernet::Supernet& supernet, int images, std::size_t kept = usual_plans);

    /// The plan of a subnet on a lane, made or remembered; valid until the next call for that lane. \pre the genotype
    /// is legal; the result of the lane's last task was read
    BatchPlan& plan(const space::Genotype& genotype, int lane);

  private:
    supernet::Supernet& supernet_;
    BatchShape shape_;
    std::vector<PlanCache<space::Genotype, BatchPlan>> lanes_;
};

}  // namespace atnas::meta
