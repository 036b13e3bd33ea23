// SPDX-License-Identifier: Apache-2.0
// The one communication call of the simulated NCCL.
#include "nccl_calls.hpp"

#include "device.hpp"

using namespace cuda_sim::nccl;

extern "C" {

ncclResult_t ncclAllReduce(const void* from, void* to, std::size_t count, ncclDataType_t type, ncclRedOp_t operation,
                           ncclComm_t handle, cudaStream_t stream) {
    const char* const name = "ncclAllReduce";
    if (const auto result = entered(name); result != ncclSuccess) return result;
    const auto comm = find(handle, name);
    if (comm->error != ncclSuccess) return fail(comm.get(), comm->error, comm->last_error);
    if (comm->phase != Phase::ready || comm->pending)
        return fail(comm.get(), ncclInvalidArgument,
                    "ncclAllReduce: the communicator is not ready, ncclCommGetAsyncError says ncclInProgress");
    if (operation != ncclSum) cuda_sim::violation("ncclAllReduce: an operation that the stand-in does not know");
    if (type != ncclFloat32 && type != ncclInt64)
        cuda_sim::violation("ncclAllReduce: a type that the stand-in does not know");
    if (cuda_sim::device_of(stream) != comm->device)
        cuda_sim::violation("ncclAllReduce: the stream belongs to another device than the communicator");
    const Operation reduction{type == ncclInt64 ? Type::int64 : Type::float32, from, to, count, stream};
    if (const std::size_t bytes = reduction.bytes(); bytes > 0) {
        cuda_sim::expect_device(from, bytes, name, "sendbuff");
        cuda_sim::expect_device(to, bytes, name, "recvbuff");
        if (from != to)
            cuda_sim::expect_apart({from, bytes}, {to, bytes}, name, "sendbuff and recvbuff, not in place,");
    }
    // As documented, nothing may be enqueued there before the state is ncclSuccess.
    cuda_sim::reserve_stream(stream, "work in a stream of NCCL while ncclCommGetAsyncError says ncclInProgress");
    comm->pending = reduction;
    comm->polls = 0;
    return ncclInProgress;
}

}  // extern "C"
