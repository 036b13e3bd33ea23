// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Who computes which items of a step, as far as cost tells beforehand.

#include <cstddef>
#include <span>
#include <vector>

#include "atnas/comm/island_map.hpp"

namespace atnas::engine {

/// A piece of work: a task of a meta-iteration, or an individual and an episode of a generation.
struct WorkItem {
    double cost;           ///< >= 0, in a unit that all items of a step share
    comm::RankBlock home;  ///< ranks that rather compute it: they have its plan; at least one
};

/// By rank, the indices of the items that it begins with; each item once, each list longest first.
using Schedule = std::vector<std::vector<std::size_t>>;

struct ScheduleOptions {
    /// How far above the mean load a rank may be loaded with items that are at home there. The default is about what
    /// costs can be known to.
    double slack{0.01};
};

/// Longest item first (Graham, "Bounds on multiprocessing timing anomalies", SIAM J. Appl. Math. 17, 1969; equal ones
/// by index), each to the least loaded rank of its home, or where that would be loaded above the mean, and somebody is
/// loaded less, to the least loaded rank of all (equal ones: the lowest). No rank is loaded with more than
/// 4/3 - 1/(3 ranks) times what the best schedule takes, or 1 + slack times where that is more. Depends on its
/// arguments alone: every rank computes the same. O(n log n + n log ranks).
/// \pre ranks > 0; homes lie in [0, ranks); slack >= 0
Schedule make_schedule(std::span<const WorkItem> items, int ranks, const ScheduleOptions& options = {});

}  // namespace atnas::engine
