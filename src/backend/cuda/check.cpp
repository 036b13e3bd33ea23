#include "check.hpp"

#include "atnas/core/error.hpp"

namespace atnas::backend::cuda {
namespace {

constexpr const char* lost =
    "the GPU or its driver failed; --restart=latest goes on from the newest checkpoint, on another node if it happens "
    "again";

[[noreturn]] void fail(const char* call, const std::string& reason, const std::string& suggestion) {
    throw Error(ExitCode::failed, {std::string(call) + " failed", reason, suggestion});
}

}  // namespace

void check(cudaError_t result, const char* call) {
    if (result == cudaSuccess) return;
    const std::string reason = std::string(cudaGetErrorString(result)) + " (" + cudaGetErrorName(result) + ")";
    if (result == cudaErrorMemoryAllocation)
        fail(call, reason,
             "the GPU has too little memory free: use fewer cuda.streams, a smaller task.query or network.channels, or "
             "look "
             "with nvidia-smi who else uses it");
    fail(call, reason, lost);
}

void check(cudnnStatus_t result, const char* call) {
    if (result == CUDNN_STATUS_SUCCESS) return;
    char details[512] = "";
    cudnnGetLastErrorString(details, sizeof details);
    fail(call, std::string(cudnnGetErrorString(result)) + (*details != '\0' ? ": " : "") + details, lost);
}

void check(cublasStatus_t result, const char* call) {
    if (result == CUBLAS_STATUS_SUCCESS) return;
    fail(call, cublasGetStatusString(result), lost);
}

}  // namespace atnas::backend::cuda
