// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The work lists of all steps of a search.

#include <cstdint>
#include <span>

#include "atnas/comm/communicator.hpp"
#include "atnas/comm/task_counters.hpp"
#include "atnas/engine/schedule.hpp"
#include "atnas/engine/work_list.hpp"

namespace atnas::engine {

struct WorkSharingOptions {
    ScheduleOptions schedule{};
    comm::CounterScope scope{comm::CounterScope::node};  ///< the ranks that take over work from each other
};

/// How many items a rank computed in all steps, by whose list they stood in.
struct WorkFigures {
    std::int64_t own{0};
    std::int64_t stolen{0};
};

/// Makes a work list per step.
class WorkSharing {
  public:
    /// Collective; so is the end of the object.
    explicit WorkSharing(const comm::Communicator& communicator, const WorkSharingOptions& options = {});

    /// This rank's list of the next step. All ranks make the same lists in the same order. Between two of them lies a
    /// collective that no rank leaves before all have entered it, as the sum over the items of the step is; a list is
    /// not used beyond it. Keeps no reference to \p items; the list keeps one to this object.
    WorkList begin(std::span<const WorkItem> items);

    /// Counts what this rank took of a step.
    void end(const WorkList& list) noexcept;
    const WorkFigures& figures() const noexcept { return figures_; }

  private:
    WorkSharingOptions options_;
    int ranks_;
    comm::TaskCounters counters_;
    std::uint32_t step_{0};
    WorkFigures figures_;
};

}  // namespace atnas::engine
