// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Who takes what, between the ranks of one node.

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <vector>

#include "atnas/comm/communicator.hpp"

namespace atnas::comm {

/// Whose lists are counted together: those of the ranks of a node, or each rank's alone, which takes no shared memory.
enum class CounterScope { node, rank };

/// How much of every rank's list has been taken, in memory that the ranks of a node share: any of them takes the next
/// item of any list, without a message, and whether or not the list's owner has begun.
///
/// Work comes in steps, each with a list per rank that all ranks of the node know. The number of a step grows from one
/// to the next, and between two of them lies a collective that no rank leaves before all have entered it.
class TaskCounters {
  public:
    /// A rank that is alone on its node needs no shared memory, and a serial communicator no MPI. Where there is no
    /// room for a few kilobytes of shared memory the job ends with a message. Collective.
    explicit TaskCounters(const Communicator& communicator, CounterScope scope = CounterScope::node);
    /// Collective, but for the way out of an error.
    ~TaskCounters();
    TaskCounters(const TaskCounters&) = delete;
    TaskCounters& operator=(const TaskCounters&) = delete;

    /// The ranks of this node, by their numbers in the communicator, ascending.
    std::span<const int> ranks() const noexcept { return ranks_; }
    /// This rank's place among them.
    std::size_t own_position() const noexcept { return own_position_; }

    /// The next item of a list: every index below \p length once over all ranks of the node, then nothing.
    /// \param position of the list's rank in ranks()
    /// \param length of its list of this step, the same whoever asks
    std::optional<std::uint32_t> take(std::size_t position, std::uint32_t step, std::uint32_t length) noexcept;
    /// What of a list nobody has taken yet; others may take it meanwhile.
    std::uint32_t left(std::size_t position, std::uint32_t step, std::uint32_t length) const noexcept;

  private:
    static constexpr std::size_t line_bytes = 64;  ///< of cache: ranks that take from different lists do not meet

    struct alignas(line_bytes) Counter {
        std::uint64_t word;  ///< step << 32 | items taken; that of an older step means none, so nobody resets it
    };

    /// Collective over \p node.
    std::span<Counter> shared_counters(MPI_Comm node);

    std::vector<int> ranks_;
    std::size_t own_position_{0};
    int exceptions_{std::uncaught_exceptions()};  ///< under way when it was made
    Counter own_{};                               ///< of a rank alone on its node
    MPI_Win window_{MPI_WIN_NULL};
    std::span<Counter> counters_{&own_, 1};  ///< by position
};

}  // namespace atnas::comm
