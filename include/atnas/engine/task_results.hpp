// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How well one subnet does on many tasks, which the ranks share.

#include <functional>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/data/task.hpp"
#include "atnas/engine/confusion.hpp"
#include "atnas/engine/meta_network.hpp"
#include "atnas/meta/task_evaluator.hpp"
#include "atnas/space/genotype.hpp"

namespace atnas::engine {

/// A subnet and how it is adapted. Refers to both.
struct AdaptedSubnet {
    MetaNetwork& net;
    const space::Genotype& genotype;
    meta::TaskEvaluatorOptions options;
};

/// By task. Where the loss is no finite number nothing was recognised: accuracy 0.
struct TaskResults {
    std::vector<double> accuracy;  ///< 0 .. 1
    std::vector<double> loss;      ///< mean query cross-entropy

    int not_finite() const noexcept;  ///< number of losses that are no finite numbers
};

/// Task of that number; valid until the next call.
using TaskOf = std::function<const data::Task&(int number)>;

/// Of tasks 0 .. tasks - 1: task t on rank t % ranks. Every rank gets all, the same on any number of ranks. Collective.
/// \param confusion counts what was taken for what, on all ranks; null = not asked for. \pre it is empty, and tasks
/// name their classes
TaskResults run_tasks(const AdaptedSubnet& subnet, int tasks, const TaskOf& task_of,
                      const comm::Communicator& communicator, Confusion* confusion = nullptr);

}  // namespace atnas::engine
