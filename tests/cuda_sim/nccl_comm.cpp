// SPDX-License-Identifier: Apache-2.0
// Communicators of the simulated NCCL: made, polled, ended.
#include <sys/random.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>
#include <thread>

#include "device.hpp"
#include "nccl_calls.hpp"

namespace cuda_sim::nccl {
namespace {

using Table = std::map<ncclComm_t, std::shared_ptr<Communicator>>;

std::mutex& table_lock() {
    static auto* lock = new std::mutex;
    return *lock;
}

Table& table() {
    static auto* instance = new Table;
    return *instance;
}

std::string& last_global_error() {
    static auto* text = new std::string;
    return *text;
}

/// Forgets the handle: every later use of it is a violation.
void forget(ncclComm_t handle) {
    const std::lock_guard lock(table_lock());
    table().erase(handle);
    count_resource("NCCL communicator", -1);
}

/// The name of the current device: the host as NCCL is told it, if it is, and the address.
std::string device_name(int& device) {
    std::array<char, 64> name{};
    if (cudaGetDevice(&device) != cudaSuccess ||
        cudaDeviceGetPCIBusId(name.data(), static_cast<int>(name.size()), device) != cudaSuccess)
        return {};
    const char* host = std::getenv("NCCL_HOSTID");
    return host == nullptr ? name.data() : std::string(host) + "/" + name.data();
}

/// One step towards the next phase. Holds no lock while it asks the device.
ncclResult_t poll(const std::shared_ptr<Communicator>& comm) {
    std::optional<Operation> pending;
    {
        const std::lock_guard lock(comm->mutex);
        comm->board.share_violation();
        // Once all have joined, each finishes its start, whatever becomes of the others meanwhile.
        const bool all_joined = comm->board.all_at_least(Presence::joined);
        const bool starts = comm->phase == Phase::initialising && all_joined;
        if (comm->error == ncclSuccess && comm->phase != Phase::finalised && !starts) {
            if (const int lost = comm->board.lost_rank(); lost >= 0) {
                comm->error = ncclRemoteError;
                comm->last_error = "rank " + std::to_string(lost) + " is gone";
            }
        }
        if (comm->error != ncclSuccess) return comm->error;
        // What goes on in the background is never done at once.
        if (++comm->polls < 2 && (comm->phase == Phase::initialising || comm->pending)) return ncclInProgress;
        if (comm->phase == Phase::initialising) {
            if (!all_joined) return ncclInProgress;
            for (int one = 0; one < comm->size; ++one)
                for (int other = 0; other < one; ++other)
                    if (std::strcmp(comm->board.slot(one).device, comm->board.slot(other).device) == 0) {
                        comm->last_error = "Duplicate GPU detected: rank " + std::to_string(other) + " and rank " +
                                           std::to_string(one) + " both on " + comm->board.slot(one).device;
                        return comm->error = ncclInvalidUsage;
                    }
            comm->phase = Phase::ready;
        }
        pending.swap(comm->pending);
    }
    if (pending) {
        release_stream(pending->stream);
        launch(comm, *pending);
    }
    const std::lock_guard lock(comm->mutex);
    if (comm->phase != Phase::finalising) return ncclSuccess;
    if (comm->executed == comm->launched && comm->board.own().presence == Presence::joined)
        comm->board.leave(Presence::quiescent);
    if (!comm->board.all_at_least(Presence::quiescent)) return ncclInProgress;
    comm->phase = Phase::finalised;
    return ncclSuccess;
}

/// Lets the streams of a communicator go on, as a device does by itself.
void advance_streams(const Communicator& comm) {
    if (comm.executed == comm.launched) return;
    for (cudaStream_t stream : comm.streams) static_cast<void>(advance(stream));
}

/// Whether that is how ATNAS_SIM_NCCL_ABORT wants communicators to be aborted.
bool aborts(const char* way) {
    const char* text = std::getenv("ATNAS_SIM_NCCL_ABORT");
    return text != nullptr && std::strcmp(text, way) == 0;
}

/// For ncclCommDestroy, which blocks.
ncclResult_t poll_until_done(const std::shared_ptr<Communicator>& comm) {
    ncclResult_t state = poll(comm);
    for (; state == ncclInProgress; state = poll(comm)) {
        advance_streams(*comm);
        std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    return state;
}

}  // namespace

std::shared_ptr<Communicator> find(ncclComm_t handle, const char* call) {
    const std::lock_guard lock(table_lock());
    const auto found = table().find(handle);
    if (found == table().end())
        violation(std::string(call) + ": no communicator, or one that was destroyed or aborted");
    return found->second;
}

ncclResult_t fail(Communicator* comm, ncclResult_t result, const std::string& text) {
    const std::lock_guard lock(table_lock());
    last_global_error() = text;
    if (comm != nullptr) comm->last_error = text;
    return result;
}

ncclResult_t entered(const char* call) {
    log_call(call);
    int error = ncclSuccess;
    if (injected(call, error)) return fail(nullptr, static_cast<ncclResult_t>(error), "injected");
    if (device_error() != cudaSuccess) return fail(nullptr, ncclUnhandledCudaError, "the device is lost");
    return ncclSuccess;
}

}  // namespace cuda_sim::nccl

using namespace cuda_sim::nccl;

extern "C" {

const char* ncclGetErrorString(ncclResult_t result) {
    switch (result) {
        case ncclSuccess:
            return "no error";
        case ncclUnhandledCudaError:
            return "unhandled cuda error";
        case ncclSystemError:
            return "unhandled system error";
        case ncclInternalError:
            return "internal error";
        case ncclInvalidArgument:
            return "invalid argument";
        case ncclInvalidUsage:
            return "invalid usage";
        case ncclRemoteError:
            return "remote process exited or there was a network error";
        case ncclInProgress:
            return "NCCL operation in progress";
        default:
            return "unknown result code";
    }
}

const char* ncclGetLastError(ncclComm_t handle) {
    // The text has to stay where it is.
    static thread_local std::string text;
    const std::lock_guard lock(table_lock());
    const auto found = table().find(handle);
    text =
        found != table().end() && !found->second->last_error.empty() ? found->second->last_error : last_global_error();
    return text.c_str();
}

ncclResult_t ncclGetUniqueId(ncclUniqueId* id) {
    if (const auto result = entered("ncclGetUniqueId"); result != ncclSuccess) return result;
    std::uint64_t random = 0;
    if (id == nullptr || getrandom(&random, sizeof random, 0) != sizeof random)
        return fail(nullptr, ncclInvalidArgument, "ncclGetUniqueId: no id");
    *id = {};
    std::snprintf(id->internal, sizeof id->internal, "%016llx", static_cast<unsigned long long>(random));
    return ncclSuccess;
}

ncclResult_t ncclCommInitRankConfig(ncclComm_t* handle, int size, ncclUniqueId id, int rank, ncclConfig_t* config) {
    if (const auto result = entered("ncclCommInitRankConfig"); result != ncclSuccess) return result;
    if (handle == nullptr || size < 1 || size > most_ranks || rank < 0 || rank >= size)
        return fail(nullptr, ncclInvalidArgument, "ncclCommInitRankConfig: handle, size or rank");
    if (config == nullptr || config->size != sizeof(ncclConfig_t) || config->magic != 0xcafebeef)
        return fail(nullptr, ncclInvalidArgument, "ncclCommInitRankConfig: config without NCCL_CONFIG_INITIALIZER");
    if (std::strlen(id.internal) != 16)
        return fail(nullptr, ncclInvalidArgument, "ncclCommInitRankConfig: an id of no ncclGetUniqueId");
    if (config->blocking != 0)
        cuda_sim::violation("ncclCommInitRankConfig: a communicator that blocks, which the stand-in does not know");
    int device = 0;
    const std::string name = device_name(device);
    if (name.empty()) return fail(nullptr, ncclUnhandledCudaError, "no device");
    auto comm = std::make_shared<Communicator>(id.internal, rank, size, name);
    comm->device = device;
    {
        const std::lock_guard lock(table_lock());
        // No handle comes twice: one that was destroyed stays wrong.
        static std::uintptr_t serial = 0x6000;
        *handle = reinterpret_cast<ncclComm_t>(serial += 16);
        table().emplace(*handle, comm);
        cuda_sim::count_resource("NCCL communicator", 1);
    }
    return ncclInProgress;
}

ncclResult_t ncclCommGetAsyncError(ncclComm_t handle, ncclResult_t* state) {
    if (const auto result = entered("ncclCommGetAsyncError"); result != ncclSuccess) return result;
    const auto comm = find(handle, "ncclCommGetAsyncError");
    if (state == nullptr) return fail(comm.get(), ncclInvalidArgument, "ncclCommGetAsyncError: state is null");
    *state = poll(comm);
    if (*state == ncclInProgress) advance_streams(*comm);
    return ncclSuccess;
}

ncclResult_t ncclCommFinalize(ncclComm_t handle) {
    if (const auto result = entered("ncclCommFinalize"); result != ncclSuccess) return result;
    const auto comm = find(handle, "ncclCommFinalize");
    if (comm->phase != Phase::ready || comm->pending)
        return fail(comm.get(), ncclInvalidArgument, "ncclCommFinalize: not ready, or called twice");
    comm->phase = Phase::finalising;
    return ncclInProgress;
}

ncclResult_t ncclCommDestroy(ncclComm_t handle) {
    if (const auto result = entered("ncclCommDestroy"); result != ncclSuccess) return result;
    const auto comm = find(handle, "ncclCommDestroy");
    if (comm->phase != Phase::finalised) {
        // As documented, it finalises by itself, and blocks for that.
        if (comm->phase == Phase::ready) comm->phase = Phase::finalising;
        if (const auto result = poll_until_done(comm); result != ncclSuccess) return result;
    }
    comm->board.leave(Presence::gone);
    forget(handle);
    return ncclSuccess;
}

ncclResult_t ncclCommAbort(ncclComm_t handle) {
    // Even on a lost device.
    cuda_sim::log_call("ncclCommAbort");
    const auto comm = find(handle, "ncclCommAbort");
    while (aborts("never")) std::this_thread::sleep_for(std::chrono::seconds(1));
    {
        const std::lock_guard lock(comm->mutex);
        comm->aborted = true;
        if (comm->pending) cuda_sim::release_stream(comm->pending->stream);
        comm->pending.reset();
        comm->board.leave(Presence::aborted);
    }
    forget(handle);
    // Streams go on from here; the call itself is for all ranks, and one alone may wait in it for ever, even if the
    // communicator does not block (github.com/NVIDIA/nccl, issue 863).
    while (aborts("collective") && comm->board.others_use_it())
        std::this_thread::sleep_for(std::chrono::microseconds(200));
    return ncclSuccess;
}

}  // extern "C"
