// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a rank computes in one step.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "atnas/comm/task_counters.hpp"
#include "atnas/engine/schedule.hpp"

namespace atnas::engine {

/// A rank's own items, then those that others whose lists are counted with its own have not begun. Together these ranks
/// take each of their items once; who takes which is decided by time, so no result may depend on it.
class WorkList {
  public:
    /// Keeps a reference to \p counters.
    /// \param schedule the same on all ranks
    /// \param step as TaskCounters counts them
    WorkList(Schedule schedule, comm::TaskCounters& counters, std::uint32_t step);

    /// The index of the item that this rank computes next; nothing when the step has no more for it. Its own come
    /// first, longest first, then the next of the rank that has most of them left (of equal ones the lowest).
    std::optional<std::size_t> take();

    /// Items taken so far, by whose list they stood in.
    int own() const noexcept { return own_; }
    int stolen() const noexcept { return stolen_; }

  private:
    std::optional<std::size_t> take_from(std::size_t position);
    std::optional<std::size_t> steal();
    std::span<const std::size_t> list_of(std::size_t position) const;

    Schedule schedule_;
    comm::TaskCounters& counters_;
    std::uint32_t step_;
    int own_{0};
    int stolen_{0};
};

}  // namespace atnas::engine
