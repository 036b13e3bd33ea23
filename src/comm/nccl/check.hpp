// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Return codes of NCCL, and of the few CUDA calls made here, as errors for people.

#include <cuda_runtime_api.h>
#include <nccl.h>

namespace atnas::comm::nccl {

/// Throws Error(failed) naming \p call and what NCCL says, with ncclGetLastError. ncclInProgress is no error: the call
/// of a non-blocking communicator goes on in the background. \p communicator may be null.
void check(ncclResult_t result, const char* call, ncclComm_t communicator);
void check(cudaError_t result, const char* call);

}  // namespace atnas::comm::nccl
