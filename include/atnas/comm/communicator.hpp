// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// MPI behind RAII: the session, and a communicator that also works without MPI.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

// The C interface only: the C++ bindings left the standard in MPI 3 and would need a library of their own.
#ifndef OMPI_SKIP_MPICXX
#define OMPI_SKIP_MPICXX 1
#endif
#ifndef MPICH_SKIP_MPICXX
#define MPICH_SKIP_MPICXX 1
#endif
#include <mpi.h>

namespace atnas::comm {

/// Ranks that work together. The default is a single process that needs no MPI; every collective is then trivial.
/// A failed MPI call prints what failed and ends the job (contract 3: no rank waits for a dead one).
class Communicator {
  public:
    /// Serial: rank 0 of 1.
    Communicator() noexcept = default;
    /// Duplicates \p parent. Collective.
    explicit Communicator(MPI_Comm parent);
    static Communicator world();
    ~Communicator();
    Communicator(Communicator&& other) noexcept;
    Communicator& operator=(Communicator&& other) noexcept;

    int rank() const noexcept { return rank_; }
    int size() const noexcept { return size_; }
    bool is_root() const noexcept { return rank_ == 0; }
    /// MPI_COMM_NULL when serial.
    MPI_Comm handle() const noexcept { return handle_; }

    /// The same ranks, whose messages and collectives meet none of this one's; serial for one rank. Collective.
    Communicator duplicate() const;

    // --- Collective ------------------------------------------------------------------------------------------------
    void barrier() const;
    void broadcast(std::span<std::byte> bytes, int root) const;
    std::string broadcast(std::string text, int root) const;
    /// Concatenation in rank order, on every rank; parts may differ in length.
    std::vector<double> all_gather(std::span<const double> part) const;
    std::vector<std::byte> all_gather(std::span<const std::byte> part) const;
    /// The lines of all ranks in rank order. \pre the line has no line break
    std::vector<std::string> all_gather_line(const std::string& line) const;
    /// By rank, the lowest rank of its host: equal for ranks that can share memory, and for them alone. Names of hosts
    /// are not asked, for they may not be unique.
    std::vector<int> hosts() const;
    long long sum(long long value) const;
    /// In place, element by element; of equal length on all ranks. Exact where one rank alone has a value and the
    /// others zero.
    void sum(std::span<double> values) const;
    void sum(std::span<std::int64_t> values) const;
    /// Modulo 2^64.
    std::uint64_t wrapping_sum(std::uint64_t value) const;
    double max(double value) const;
    /// Element by element, in place; of equal length on all ranks.
    void max(std::span<double> values) const;
    bool any(bool value) const;
    /// Bitwise or over all ranks.
    unsigned any_of(unsigned bits) const;

  private:
    MPI_Comm handle_{MPI_COMM_NULL};
    int rank_{0};
    int size_{1};
};

/// Ends every rank of the job with \p code. Never returns.
[[noreturn]] void abort_job(int code) noexcept;

/// Runs \p work on this rank and agrees on the outcome: if it threw Error on any rank, every rank throws the Error of
/// the lowest such rank. Collective. For steps where one rank may fail and all must go the same way.
void together(const Communicator& communicator, const std::function<void()>& work);

/// Runs \p work on rank 0 alone; its Error is everybody's. Collective.
void on_root(const Communicator& communicator, const std::function<void()>& work);

}  // namespace atnas::comm
