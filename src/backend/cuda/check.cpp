// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

#include "atnas/core/error.hpp"

namespace atnas::backend::cuda {
namespace {

constexpr const char* lost =
    "the GPU or its driver failed; --restart=latest goes on from the newest checkpoint, on another node if it happens "
    "again";

constexpr const char* too_little_memory =
    "the GPU has too little memory free: use fewer cuda.streams, a smaller task.query or network.channels, or look "
    "with "
    "nvidia-smi who else uses it";
constexpr const char* fault_of_ours = "please report it, with the message and the deck";

[[noreturn]] void fail(const char* call, const std::string& reason, const std::string& suggestion) {
    throw Error(ExitCode::failed, {std::string(call) + " failed", reason, suggestion});
}

}  // namespace

void check(cudaError_t result, const char* call) {
    if (result == cudaSuccess) return;
    const std::string reason = std::string(cudaGetErrorString(result)) + " (" + cudaGetErrorName(result) + ")";
    fail(call, reason, result == cudaErrorMemoryAllocation ? too_little_memory : lost);
}

std::string text_of(cudnnStatus_t result) {
    char details[512] = "";
    cudnnGetLastErrorString(details, sizeof details);
    return std::string(cudnnGetErrorString(result)) + (*details != '\0' ? ": " : "") + details;
}

void check(cudnnStatus_t result, const char* call) {
    if (result == CUDNN_STATUS_SUCCESS) return;
    const char* suggestion = lost;
    // Of a family of codes the thousands tell the kind (cudnn_graph.h).
    if (result == CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED ||
        result == CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED)
        suggestion = too_little_memory;
    else if (CUDNN_STATUS_CATEGORY(result) == CUDNN_STATUS_BAD_PARAM ||
             CUDNN_STATUS_CATEGORY(result) == CUDNN_STATUS_NOT_SUPPORTED)
        suggestion = fault_of_ours;
    fail(call, text_of(result), suggestion);
}

void check(cublasStatus_t result, const char* call) {
    if (result == CUBLAS_STATUS_SUCCESS) return;
    fail(call, cublasGetStatusString(result),
         result == CUBLAS_STATUS_ALLOC_FAILED    ? too_little_memory
         : result == CUBLAS_STATUS_INVALID_VALUE ? fault_of_ours
                                                 : lost);
}

}  // namespace atnas::backend::cuda
