// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/task_counters.hpp"

#include <atomic>
#include <exception>
#include <memory>

#include "atnas/core/contract.hpp"
#include "mpi_check.hpp"

namespace atnas::comm {
namespace {

using Word = std::atomic_ref<std::uint64_t>;
static_assert(Word::is_always_lock_free, "a lock would lie in the memory of one process, where others do not see it");

constexpr int step_shift = 32;

std::uint32_t taken_of(std::uint64_t word, std::uint32_t step) noexcept {
    ATNAS_EXPECT(word >> step_shift <= step);
    return word >> step_shift == step ? static_cast<std::uint32_t>(word) : 0;
}

}  // namespace

TaskCounters::TaskCounters(const Communicator& communicator, CounterScope scope) : ranks_{communicator.rank()} {
    if (communicator.size() == 1 || scope == CounterScope::rank) return;
    MPI_Comm node = MPI_COMM_NULL;
    check_mpi(
        MPI_Comm_split_type(communicator.handle(), MPI_COMM_TYPE_SHARED, communicator.rank(), MPI_INFO_NULL, &node),
        "MPI_Comm_split_type");
    check_mpi(MPI_Comm_set_errhandler(node, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    int size = 0;
    int position = 0;
    check_mpi(MPI_Comm_size(node, &size), "MPI_Comm_size");
    check_mpi(MPI_Comm_rank(node, &position), "MPI_Comm_rank");
    ranks_.resize(static_cast<std::size_t>(size));
    own_position_ = static_cast<std::size_t>(position);
    const int rank = communicator.rank();
    check_mpi(MPI_Allgather(&rank, 1, MPI_INT, ranks_.data(), 1, MPI_INT, node), "MPI_Allgather");
    if (size > 1) counters_ = shared_counters(node);
    check_mpi(MPI_Comm_free(&node), "MPI_Comm_free");
}

std::span<TaskCounters::Counter> TaskCounters::shared_counters(MPI_Comm node) {
    // All in the part of the first rank, with room to begin at a cache line: MPI promises no alignment. What is shared
    // is mapped by pages, so every rank finds the same place.
    std::size_t room = (ranks_.size() + 1) * sizeof(Counter);
    void* own = nullptr;
    check_mpi(
        MPI_Win_allocate_shared(own_position_ == 0 ? static_cast<MPI_Aint>(room) : 0, 1, MPI_INFO_NULL, node,
                                static_cast<void*>(&own), &window_),
        "MPI_Win_allocate_shared, a few kilobytes, with Open MPI in /dev/shm (runtime.work = static does without),");
    check_mpi(MPI_Win_set_errhandler(window_, MPI_ERRORS_RETURN), "MPI_Win_set_errhandler");
    MPI_Aint bytes = 0;
    int unit = 0;
    void* place = nullptr;
    check_mpi(MPI_Win_shared_query(window_, 0, &bytes, &unit, static_cast<void*>(&place)), "MPI_Win_shared_query");
    std::align(line_bytes, room - sizeof(Counter), place, room);
    const std::span<Counter> counters(static_cast<Counter*>(place), ranks_.size());
    // Loads and stores of shared memory belong into an epoch; one that nobody else's lock can delay, to the end.
    check_mpi(MPI_Win_lock_all(MPI_MODE_NOCHECK, window_), "MPI_Win_lock_all");
    std::construct_at(&counters[own_position_]);
    // The zeros are there before anybody counts.
    check_mpi(MPI_Win_sync(window_), "MPI_Win_sync");
    check_mpi(MPI_Barrier(node), "MPI_Barrier");
    check_mpi(MPI_Win_sync(window_), "MPI_Win_sync");
    return counters;
}

TaskCounters::~TaskCounters() {
    // An error may be this rank's alone, and the others must not be waited for.
    if (window_ == MPI_WIN_NULL || !mpi_runs() || std::uncaught_exceptions() > exceptions_) return;
    check_mpi(MPI_Win_unlock_all(window_), "MPI_Win_unlock_all");
    check_mpi(MPI_Win_free(&window_), "MPI_Win_free");
}

std::optional<std::uint32_t> TaskCounters::take(std::size_t position, std::uint32_t step,
                                                std::uint32_t length) noexcept {
    ATNAS_EXPECT(position < counters_.size());
    const Word word(counters_[position].word);
    std::uint64_t seen = word.load();
    for (;;) {
        const std::uint32_t taken = taken_of(seen, step);
        if (taken >= length) return {};
        const std::uint64_t next = std::uint64_t{step} << step_shift | (taken + 1);
        if (word.compare_exchange_weak(seen, next)) return taken;
    }
}

std::uint32_t TaskCounters::left(std::size_t position, std::uint32_t step, std::uint32_t length) const noexcept {
    ATNAS_EXPECT(position < counters_.size());
    return length - taken_of(Word(counters_[position].word).load(), step);
}

}  // namespace atnas::comm
