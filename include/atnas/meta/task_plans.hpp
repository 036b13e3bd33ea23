// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The compiled plans of a supernet's subnets, on each of its lanes.

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "atnas/meta/plan_cache.hpp"
#include "atnas/meta/task_plan.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::meta {

/// Plans of a lane share the lane's arena, so a supernet has one of these at a time.
class TaskPlans {
  public:
    /// Keeps a reference. \p inner_loop: what every plan has the memory for. \p kept: plans that each lane remembers.
    explicit TaskPlans(supernet::Supernet& supernet, const InnerLoopOptions& inner_loop = {},
                       std::size_t kept = usual_plans);

    supernet::Supernet& supernet() noexcept { return supernet_; }
    std::size_t kept() const noexcept { return kept_; }  ///< by each lane
    /// Bytes of a device for all plans that are kept; 0 on processors, and before warm_up().
    std::size_t reserved() const noexcept { return reserved_; }

    /// The plan of a subnet on a lane, made or remembered; valid until the next call for that lane. \pre the genotype
    /// is legal; with Head::linear shape.way is the way of the options; the result of the lane's last task was read
    TaskPlan& plan(const space::Genotype& genotype, const TaskShape& shape, int lane = 0);
    /// Compiles the extremes of the space for tasks of these shapes and takes the memory of all lanes and of all plans
    /// that will be remembered: afterwards such tasks ask the device for no more, whatever the genotype. On a GPU also
    /// where algorithms are looked for, and where the driver loads kernels: it does when they first run, and that may
    /// wait for all that runs then. \pre no task is in flight
    void warm_up(std::span<const TaskShape> shapes);

  private:
    struct Key {
        space::Genotype genotype;
        TaskShape shape;
        bool operator==(const Key&) const = default;
    };
    using Lane = PlanCache<Key, TaskPlan>;

    /// All that learning does with a plan, on images of ones; adds to \p gradient.
    void run_once(TaskPlan& plan, backend::ExactSum& gradient);

    supernet::Supernet& supernet_;
    InnerLoopOptions inner_loop_;
    std::size_t kept_;
    std::size_t reserved_{0};
    std::vector<Lane> lanes_;
};

}  // namespace atnas::meta
