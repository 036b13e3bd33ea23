// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the entry points of the simulated NCCL share.

#include <memory>
#include <string>

#include "nccl_state.hpp"

namespace cuda_sim::nccl {

/// Violation for a handle that is none.
std::shared_ptr<Communicator> find(ncclComm_t handle, const char* call);

/// Keeps the text for ncclGetLastError and returns the result. \p comm may be null.
ncclResult_t fail(Communicator* comm, ncclResult_t result, const std::string& text);

/// What every call begins with: the log, injected errors, a lost device.
ncclResult_t entered(const char* call);

}  // namespace cuda_sim::nccl
