// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Communicators of the simulated NCCL and what is queued on them.

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <nccl.h>

#include "nccl_board.hpp"

namespace cuda_sim::nccl {

enum class Kind { all_reduce, all_gather, send, receive };

/// What values are: ncclFloat32 or ncclInt64.
enum class Type { float32, int64 };

/// One call.
struct Operation {
    Kind kind;
    Type type;
    const void* from;
    void* to;
    std::size_t count;
    int peer;
    cudaStream_t stream;

    std::size_t bytes() const noexcept { return count * (type == Type::float32 ? sizeof(float) : sizeof(long long)); }
};

/// "ncclAllReduce of 12 float, sum": what has to be the same on all ranks, or on both ends of a message.
std::string header_of(const Operation& operation);

enum class Phase { initialising, ready, finalising, finalised };

struct Communicator {
    Communicator(const std::string& id, int own_rank, int ranks, const std::string& device_name)
        : board(id, own_rank, ranks, device_name), rank(own_rank), size(ranks) {}

    std::mutex mutex;
    Board board;
    int rank;
    int size;
    int device{0};
    bool blocking{true};
    Phase phase{Phase::initialising};
    ncclResult_t error{ncclSuccess};  ///< what ncclCommGetAsyncError says from now on
    std::string last_error;
    bool aborted{false};

    /// Of a non-blocking communicator: calls that are not in the stream yet, as the real library may leave them.
    std::vector<Operation> pending;
    int polls{0};  ///< since the last call that returned ncclInProgress

    std::set<cudaStream_t> streams;
    std::uint64_t launched{0};
    std::uint64_t executed{0};
    std::uint64_t collectives{0};                 ///< launched
    std::map<int, std::uint64_t> sent, received;  ///< launched, by peer

    /// Since when nothing has moved anywhere, and what it looked like then.
    std::chrono::steady_clock::time_point still_since{};
    std::vector<std::uint64_t> progress_then, heartbeat_then;
    std::string suspicion;  ///< a circle of waiting ranks, seen once
};

/// Puts a group of operations into its stream. \pre operations is not empty
void launch(const std::shared_ptr<Communicator>& communicator, std::vector<Operation> operations);

}  // namespace cuda_sim::nccl
