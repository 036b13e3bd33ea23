// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A meta-network and all that learns tasks with it.

#include <vector>

#include "atnas/app/deck/deck.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/data/task.hpp"
#include "atnas/engine/meta_network.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/meta/task_evaluator.hpp"
#include "atnas/space/genotype.hpp"

namespace atnas::app {

/// A meta-network that is ready to learn tasks: opened from a checkpoint, with whatever judges. Neither copied nor
/// moved: its parts refer to each other.
class TaskLearner {
  public:
    /// \p data: what the meta-network learned from, without images unless running statistics are asked for. Throws
    /// Error on every rank. Collective.
    TaskLearner(const io::CheckpointState& state, engine::TaskSource data, const Deck& deck,
                const comm::Communicator& communicator);
    TaskLearner(const TaskLearner&) = delete;
    TaskLearner& operator=(const TaskLearner&) = delete;

    engine::MetaNetwork& net() noexcept { return net_; }
    /// As `evaluate` judges.
    meta::TaskEvaluator& evaluator() noexcept { return evaluator_; }
    /// The same with running statistics of a single training task, for encodes of a search: to measure them costs more
    /// than a small task itself.
    meta::TaskEvaluator& searcher() noexcept { return searcher_; }
    /// Best first.
    const std::vector<space::Genotype>& elite() const noexcept { return elite_; }

  private:
    engine::MetaNetwork net_;
    std::vector<data::Task> training_;
    meta::TaskEvaluator evaluator_, searcher_;
    std::vector<space::Genotype> elite_;
};

}  // namespace atnas::app
