// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What of a checkpoint judges tasks.

#include <string>
#include <vector>

#include "atnas/app/deck/deck.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/data/task.hpp"
#include "atnas/engine/meta_network.hpp"
#include "atnas/engine/task_source.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/space/cost_model.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::app {

/// The text of the best encode of the newest generation: rank 0 holds the history. Throws Error(bad_data) on every rank
/// where there is none. Collective.
std::string best_encode(const io::CheckpointState& state, const space::SearchSpace& space,
                        const space::CostModel& costs, const comm::Communicator& communicator);

/// Encodes for a search to begin with: that best one, then members by the order of the search that the checkpoint is
/// of, as far as they are legal in \p space. None without a generation. Collective.
std::vector<space::Genotype> elite_of(const io::CheckpointState& state, const space::SearchSpace& space,
                                      const space::CostModel& costs, const comm::Communicator& communicator);

/// What the meta-network learned from, for tasks that bring their own images: these images alone where averages over
/// its training tasks normalise, where it is not known what they are like, or where \p deck names others. Throws
/// Error(bad_data) on every rank where they are wanted and gone. Collective.
engine::TaskSource learned_data(const Deck& deck, const io::CheckpointState& state,
                                const comm::Communicator& communicator);

/// Tasks as the search learned them, whatever tasks and data are asked for \p now: what running statistics are averaged
/// over. None where \p deck asks for others. Throws Error(bad_data) on every rank where the data of the search are
/// gone. Collective.
std::vector<data::Task> training_tasks(const Deck& deck, const io::CheckpointState& state,
                                       const engine::TaskSource& now, const comm::Communicator& communicator);

}  // namespace atnas::app
