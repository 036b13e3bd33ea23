// SPDX-License-Identifier: Apache-2.0
// Communication calls of the simulated NCCL, alone and in groups.
#include <map>
#include <utility>

#include "device.hpp"
#include "nccl_calls.hpp"

namespace cuda_sim::nccl {
namespace {

/// Up to version 2.11 the user guide named this limit.
constexpr std::size_t most_operations = 2048;

struct OpenGroup {
    int depth{0};
    std::size_t count{0};
    std::map<std::shared_ptr<Communicator>, std::vector<Operation>> operations{};
    ncclResult_t error{ncclSuccess};
};

OpenGroup& group() {
    thread_local OpenGroup instance;
    return instance;
}

void expect_apart_within(const std::vector<Operation>& operations) {
    for (std::size_t i = 0; i < operations.size(); ++i) {
        if (operations[i].kind != Kind::receive) continue;
        const std::size_t bytes = operations[i].bytes();
        for (std::size_t j = 0; j < operations.size(); ++j) {
            if (i == j) continue;
            const void* other = operations[j].kind == Kind::receive ? operations[j].to : operations[j].from;
            expect_apart({operations[i].to, bytes}, {other, operations[j].bytes()}, "ncclGroupEnd",
                         "recvbuff of an ncclRecv and another buffer");
        }
    }
}

ncclResult_t submit(const std::shared_ptr<Communicator>& comm, std::vector<Operation> operations) {
    for (const Operation& operation : operations) {
        if (operation.stream != operations.front().stream)
            violation("NCCL: calls of one group in several streams, which the stand-in does not know");
    }
    expect_apart_within(operations);
    if (comm->blocking) {
        launch(comm, std::move(operations));
        return ncclSuccess;
    }
    // As documented, nothing may be enqueued there before the state is ncclSuccess.
    reserve_stream(operations.front().stream,
                   "work in a stream of NCCL while ncclCommGetAsyncError says ncclInProgress");
    comm->pending = std::move(operations);
    comm->polls = 0;
    return ncclInProgress;
}

Type known(ncclDataType_t type) noexcept {
    return type == ncclInt64 ? Type::int64 : Type::float32;
}

ncclResult_t call(const char* name, ncclComm_t handle, ncclDataType_t type, Operation operation) {
    const auto note = [&](Communicator* comm, ncclResult_t result, const std::string& text) {
        if (group().depth > 0) group().error = result;
        return fail(comm, result, text);
    };
    if (const auto result = entered(name); result != ncclSuccess) {
        if (group().depth > 0) group().error = result;
        return result;
    }
    const auto comm = find(handle, name);
    if (comm->error != ncclSuccess) return note(comm.get(), comm->error, comm->last_error);
    if (comm->phase != Phase::ready || !comm->pending.empty())
        return note(comm.get(), ncclInvalidArgument,
                    std::string(name) + ": the communicator is not ready, ncclCommGetAsyncError says ncclInProgress");
    if (type != ncclFloat32 && type != ncclInt64)
        violation(std::string(name) + ": a type that the stand-in does not know");
    if (operation.kind == Kind::send || operation.kind == Kind::receive) {
        if (operation.peer < 0 || operation.peer >= comm->size)
            return note(comm.get(), ncclInvalidArgument, std::string(name) + ": no such peer");
        if (operation.peer == comm->rank) violation(std::string(name) + " to itself, which the stand-in does not know");
    }
    if (device_of(operation.stream) != comm->device)
        violation(std::string(name) + ": the stream belongs to another device than the communicator");
    const std::size_t bytes = operation.bytes();
    if (operation.kind != Kind::receive && bytes > 0) expect_device(operation.from, bytes, name, "sendbuff");
    if (operation.kind != Kind::send && bytes > 0) {
        const auto ranks = static_cast<std::size_t>(comm->size);
        const std::size_t all = operation.kind == Kind::all_gather ? bytes * ranks : bytes;
        expect_device(operation.to, all, name, "recvbuff");
        const std::size_t place = operation.kind == Kind::all_gather ? bytes * static_cast<std::size_t>(comm->rank) : 0;
        if (operation.kind != Kind::receive && operation.from != static_cast<std::byte*>(operation.to) + place)
            expect_apart({operation.from, bytes}, {operation.to, all}, name, "sendbuff and recvbuff, not in place,");
    }
    if (group().depth == 0) return submit(comm, {operation});
    if (++group().count > most_operations)
        return note(comm.get(), ncclInvalidUsage, "more than 2048 operations in a group");
    group().operations[comm].push_back(operation);
    return ncclSuccess;
}

}  // namespace

bool in_group() noexcept {
    return group().depth > 0;
}

}  // namespace cuda_sim::nccl

using namespace cuda_sim::nccl;

extern "C" {

ncclResult_t ncclAllReduce(const void* from, void* to, std::size_t count, ncclDataType_t type, ncclRedOp_t operation,
                           ncclComm_t comm, cudaStream_t stream) {
    if (operation != ncclSum) cuda_sim::violation("ncclAllReduce: an operation that the stand-in does not know");
    return call("ncclAllReduce", comm, type, {Kind::all_reduce, known(type), from, to, count, -1, stream});
}

ncclResult_t ncclAllGather(const void* from, void* to, std::size_t count, ncclDataType_t type, ncclComm_t comm,
                           cudaStream_t stream) {
    return call("ncclAllGather", comm, type, {Kind::all_gather, known(type), from, to, count, -1, stream});
}

ncclResult_t ncclSend(const void* from, std::size_t count, ncclDataType_t type, int peer, ncclComm_t comm,
                      cudaStream_t stream) {
    return call("ncclSend", comm, type, {Kind::send, known(type), from, nullptr, count, peer, stream});
}

ncclResult_t ncclRecv(void* to, std::size_t count, ncclDataType_t type, int peer, ncclComm_t comm,
                      cudaStream_t stream) {
    return call("ncclRecv", comm, type, {Kind::receive, known(type), nullptr, to, count, peer, stream});
}

ncclResult_t ncclGroupStart() {
    if (const auto result = entered("ncclGroupStart"); result != ncclSuccess) return result;
    ++group().depth;
    return ncclSuccess;
}

ncclResult_t ncclGroupEnd() {
    if (group().depth == 0) return fail(nullptr, ncclInvalidUsage, "ncclGroupEnd: not in a group call");
    ncclResult_t result = entered("ncclGroupEnd");
    if (--group().depth > 0) return result;
    const OpenGroup done = std::exchange(group(), OpenGroup{});
    // A group with a failed call does nothing at all.
    if (done.error != ncclSuccess) return done.error;
    if (result != ncclSuccess) return result;
    for (const auto& [comm, operations] : done.operations) {
        const ncclResult_t state = submit(comm, operations);
        if (state != ncclSuccess) result = state;
    }
    return result;
}

}  // extern "C"
