#pragma once
/// \file
/// Reductions of device memory without NCCL: through host memory and MPI.

#include <memory>

#include "atnas/backend/backend.hpp"
#include "atnas/comm/gradient_reducer.hpp"

namespace atnas::comm {

/// finish() reads each of this rank's islands into host memory (a GPU's backend goes through page-locked memory for
/// that), sums there as make_host_reducer() does, bit for bit, and writes the total back. Any backend, float32; all
/// buffers are its own. \pre both outlive the reducer
std::unique_ptr<GradientReducer> make_staged_reducer(const Communicator& communicator, backend::Backend& backend,
                                                     int islands, ReductionOrder order);

}  // namespace atnas::comm
