// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// `atnas adapt --tasks`: what the search for an architecture adds, over many tasks.

#include <functional>
#include <vector>

#include "atnas/app/adapt_options.hpp"
#include "atnas/app/report/adapted_tasks.hpp"
#include "atnas/app/report/task_kind.hpp"
#include "atnas/data/split.hpp"

namespace atnas::app {

struct DrawnTasks {
    int count{0};                 ///< of each kind; 0 = none are drawn
    std::vector<TaskKind> kinds;  ///< empty = the deck's way and shot
    data::Role split{data::Role::validation};
};

/// Draws tasks from classes of the deck's data, as `evaluate` does; for each it searches an architecture on the support
/// set alone, and judges on its queries the meta-network's best encode, what the search found, and a random encode.
/// Ranks share the tasks; each task's search is one rank's, and a function of seed and task. Throws Error on every
/// rank. \p stop: whether this rank was asked to; asked before every task, and nothing is said of some. Collective.
AdaptedTasks adapt_tasks(const AdaptOptions& options, const DrawnTasks& drawn, const std::function<bool()>& stop,
                         const comm::Communicator& communicator);

}  // namespace atnas::app
