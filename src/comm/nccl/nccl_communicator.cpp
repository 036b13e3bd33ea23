// SPDX-License-Identifier: Apache-2.0
#include "nccl_communicator.hpp"

#include <chrono>
#include <exception>
#include <future>
#include <span>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "../signals_blocked.hpp"
#include "atnas/core/error.hpp"
#include "atnas/core/log.hpp"
#include "patience.hpp"

namespace atnas::comm::nccl {

NcclCommunicator::NcclCommunicator(const Communicator& communicator, double timeout_seconds)
    : rank_(communicator.rank()),
      size_(communicator.size()),
      timeout_seconds_(timeout_seconds),
      exceptions_(std::uncaught_exceptions()) {
    ncclUniqueId id{};
    on_root(communicator, [&] { check(ncclGetUniqueId(&id), "ncclGetUniqueId", nullptr); });
    communicator.broadcast(std::as_writable_bytes(std::span(&id, 1)), 0);
    ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
    config.blocking = 0;
    guarded("ncclCommInitRankConfig", [&] { return ncclCommInitRankConfig(&handle_, size_, id, rank_, &config); });
}

NcclCommunicator::~NcclCommunicator() {
    if (handle_ == nullptr) return;
    if (std::uncaught_exceptions() > exceptions_) {
        // The other ranks may not come here: they are not waited for.
        abort();
        return;
    }
    try {
        guarded("ncclCommFinalize", [&] { return ncclCommFinalize(handle_); });
        check(ncclCommDestroy(handle_), "ncclCommDestroy", nullptr);
    } catch (const std::exception& error) {
        try {
            local_log().warn("the end of NCCL: {}", error.what());
        } catch (...) {  // a message less
        }
    }
}

template <class Calls>
void NcclCommunicator::guarded(const char* call, Calls calls) {
    try {
        check(calls(), call, handle_);
        settle(call);
    } catch (...) {
        abort();
        throw;
    }
}

void NcclCommunicator::settle(const char* call) {
    Patience patience(timeout_seconds_);
    for (;;) {
        ncclResult_t state = ncclSuccess;
        check(ncclCommGetAsyncError(handle_, &state), "ncclCommGetAsyncError", handle_);
        check(state, call, handle_);
        if (state == ncclSuccess) return;
        if (patience.over())
            throw Error(ExitCode::failed,
                        {fmt::format("{} waited {:.0f} s for the other ranks", call, patience.seconds()),
                         "one of them is stuck, or the network between them is",
                         "look at the other ranks' messages; NCCL_DEBUG=INFO tells more, runtime.stall_limit is the "
                         "limit"});
        patience.pause();
    }
}

void NcclCommunicator::all_reduce(std::int64_t* values, std::size_t count, cudaStream_t stream) {
    guarded("ncclAllReduce", [&] { return ncclAllReduce(values, values, count, ncclInt64, ncclSum, handle_, stream); });
}

void NcclCommunicator::all_reduce(float* values, std::size_t count, cudaStream_t stream) {
    guarded("ncclAllReduce",
            [&] { return ncclAllReduce(values, values, count, ncclFloat32, ncclSum, handle_, stream); });
}

void NcclCommunicator::expect_healthy() {
    try {
        ncclResult_t state = ncclSuccess;
        check(ncclCommGetAsyncError(handle_, &state), "ncclCommGetAsyncError", handle_);
        check(state, "communication under way", handle_);
    } catch (...) {
        abort();
        throw;
    }
}

void NcclCommunicator::abort() noexcept {
    if (handle_ == nullptr) return;
    const ncclComm_t handle = std::exchange(handle_, nullptr);
    try {
        std::promise<void> over;
        const std::future<void> wait = over.get_future();
        const SignalsBlocked quiet;
        std::thread([handle, over = std::move(over)]() mutable {
            // What it returns says nothing that the error that led here has not said.
            static_cast<void>(ncclCommAbort(handle));
            over.set_value();
        }).detach();
        wait.wait_for(std::chrono::seconds(2));
    } catch (...) {  // no thread to be had: the error that led here ends the job all the same
    }
}

}  // namespace atnas::comm::nccl
