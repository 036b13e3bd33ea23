// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Moments before the norms of a subnet, averaged over training tasks: what normalises where no task may have
/// statistics of its own.

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "atnas/data/task.hpp"
#include "atnas/meta/task_plans.hpp"
#include "atnas/nn/norm_moments.hpp"
#include "atnas/space/genotype.hpp"

namespace atnas::meta {

/// The averages of a supernet are not those of its subnets, so each is measured by itself, once, with the shared
/// weights as they are: a function of weights, genotype and tasks. Valid while the weights do not change.
class RunningMoments {
  public:
    /// Keeps references, to the tasks as well. \pre there is a task
    RunningMoments(TaskPlans& plans, std::span<const data::Task> tasks);

    /// Measured or remembered; what is queued on \p lane from now on may use them. \pre no task is in flight there
    const nn::NormMoments& of(const space::Genotype& genotype, int lane);

    /// Forgets all, for who goes through more subnets than there is memory for. \pre nothing that uses them is in
    /// flight
    void forget() noexcept { measured_.clear(); }

  private:
    struct Measured {
        std::unique_ptr<nn::NormMoments> mean;
        int lane;                  ///< that computes them
        std::vector<char> waited;  ///< per lane: its queue comes after that
    };
    Measured measure(const space::Genotype& genotype, int lane);

    TaskPlans& plans_;
    std::span<const data::Task> tasks_;
    std::map<space::Genotype, Measured> measured_;
};

}  // namespace atnas::meta
