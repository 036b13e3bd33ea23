// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Communicators of the simulated NCCL and what is queued on them.

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include <nccl.h>

#include "nccl_board.hpp"

namespace cuda_sim::nccl {

/// What values are: ncclFloat32 or ncclInt64.
enum class Type { float32, int64 };

/// One call of ncclAllReduce.
struct Operation {
    Type type;
    const void* from;
    void* to;
    std::size_t count;
    cudaStream_t stream;

    std::size_t bytes() const noexcept { return count * (type == Type::float32 ? sizeof(float) : sizeof(long long)); }
};

/// "ncclAllReduce of 12 float, sum": what has to be the same on all ranks.
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
    Phase phase{Phase::initialising};
    ncclResult_t error{ncclSuccess};  ///< what ncclCommGetAsyncError says from now on
    std::string last_error;
    bool aborted{false};

    /// A call that is not in the stream yet, as the real library may leave it.
    std::optional<Operation> pending;
    int polls{0};  ///< since the last call that returned ncclInProgress

    std::set<cudaStream_t> streams;
    std::uint64_t launched{0};
    std::uint64_t executed{0};
};

/// Puts an operation into its stream.
void launch(const std::shared_ptr<Communicator>& communicator, const Operation& operation);

}  // namespace cuda_sim::nccl
