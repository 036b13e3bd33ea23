// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Return codes of CUDA, cuDNN and cuBLAS as errors for people. Every call goes through one of these.

#include <string>

#include <cublas_v2.h>
#include <cuda_runtime_api.h>
#include <cudnn.h>

namespace atnas::backend::cuda {

/// Throws Error(failed) naming \p call and what the library says. A lost device stays lost: the caller's process ends.
void check(cudaError_t result, const char* call);
void check(cudnnStatus_t result, const char* call);
void check(cublasStatus_t result, const char* call);

/// What the library says of its last failure in this thread, which was \p result.
std::string text_of(cudnnStatus_t result);

}  // namespace atnas::backend::cuda
