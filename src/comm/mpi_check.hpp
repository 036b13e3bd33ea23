// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What every MPI call of this layer goes through.

#include <climits>
#include <cstddef>

#include "atnas/comm/communicator.hpp"

namespace atnas::comm {

/// Prints what failed and why, then ends the job: no rank may wait for one whose MPI call failed (contract 3).
[[noreturn]] void fail_job(const char* what, const char* reason) noexcept;

/// Whether MPI is initialised and not finalised.
bool mpi_runs() noexcept;

/// \p status of an MPI call; anything but success ends the job.
void check_mpi(int status, const char* call) noexcept;

/// Elements of one message as MPI counts them. Ends the job beyond 2^31 - 1.
inline int mpi_count(std::size_t count, const char* what) noexcept {
    if (count > static_cast<std::size_t>(INT_MAX)) fail_job(what, "more than 2^31 - 1 elements in one message");
    return static_cast<int>(count);
}

/// Longest piece that large transfers are cut into.
inline constexpr std::size_t piece_bytes = std::size_t{1} << 30;

}  // namespace atnas::comm
