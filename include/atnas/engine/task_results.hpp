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

/// Tasks 0 .. count - 1, and how they are judged.
struct JudgedTasks {
    int count;
    std::function<const data::Task&(int number)> task_of;  ///< what it returns is valid until the next call
    /// Of every query image: the mean of the probabilities for the image and its copies counts.
    int query_copies{0};
    /// Copy 0 .. query_copies - 1 of the queries of a task: the same number in the same order.
    std::function<data::LabelledImages(int number, const data::LabelledImages& queries, int copy)> copy_of{};
    /// Counts what was taken for what, on all ranks; null = not asked for. \pre it is empty, and tasks name their
    /// classes
    Confusion* confusion{nullptr};
};

/// Task t on rank t % ranks. Every rank gets all results, the same on any number of ranks. Collective.
TaskResults run_tasks(const AdaptedSubnet& subnet, const JudgedTasks& tasks, const comm::Communicator& communicator);

}  // namespace atnas::engine
