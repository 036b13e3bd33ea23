// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Reductions by MPI, of host memory in place and of device memory through the host.

#include <memory>

#include "atnas/backend/backend.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/comm/gradient_reducer.hpp"

namespace atnas::comm {

/// MPI_Allreduce of whole sums of \p backend, in finish(). fast: float32 only; the sum is rounded to floats before, and
/// the total after, to what floats can tell apart. \pre both outlive the reducer
std::unique_ptr<GradientReducer> make_mpi_reducer(const Communicator& communicator, backend::Backend& backend,
                                                  Reduction reduction);

}  // namespace atnas::comm
