// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

#include <string>

#include "atnas/core/error.hpp"

namespace atnas::comm::nccl {
namespace {

std::string suggestion_for(ncclResult_t result) {
    switch (result) {
        case ncclRemoteError:
            return "another rank or the network between them failed: its message tells more; --restart=latest goes on";
        case ncclInvalidArgument:
        case ncclInvalidUsage:
            return "NCCL_DEBUG=INFO tells more; please report it";
        default:
            return "NCCL_DEBUG=INFO tells more; without NCCL (-DATNAS_NCCL=OFF) gradients travel by MPI; "
                   "--restart=latest goes on from the newest checkpoint";
    }
}

}  // namespace

void check(ncclResult_t result, const char* call, ncclComm_t communicator) {
    if (result == ncclSuccess || result == ncclInProgress) return;
    std::string reason = ncclGetErrorString(result);
    // May belong to an earlier call that went on in the background.
    if (const char* last = ncclGetLastError(communicator); last != nullptr && *last != '\0')
        reason += std::string("; last error: ") + last;
    throw Error(ExitCode::failed, {std::string(call) + " failed", reason, suggestion_for(result)});
}

void check(cudaError_t result, const char* call) {
    if (result == cudaSuccess) return;
    throw Error(
        ExitCode::failed,
        {std::string(call) + " failed", std::string(cudaGetErrorString(result)) + " (" + cudaGetErrorName(result) + ")",
         "the GPU or its driver failed; --restart=latest goes on from the newest checkpoint, on another node "
         "if it happens again"});
}

}  // namespace atnas::comm::nccl
