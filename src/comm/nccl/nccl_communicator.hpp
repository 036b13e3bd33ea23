// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// NCCL behind RAII.
///
/// What is relied on, from nccl.h and the user guide of NCCL 2.28, since none of it can be tried without GPUs:
/// - A communicator with config.blocking = 0 blocks the host in no call but ncclCommAbort and ncclCommDestroy; a call
///   may return ncclInProgress, and until ncclCommGetAsyncError says ncclSuccess nothing else may be called on it and
///   its work may not be in the stream yet (user guide, "Nonblocking Group Operation").
/// - ncclCommGetAsyncError also reports errors of communication that is under way, and ncclCommAbort ends such work:
///   the stream then goes on ("Fault Tolerance"), from the moment of the call.
/// - ncclCommAbort is to be called by all ranks, and may wait for those that do not (user guide; NCCL issue 863): no
///   rank waits for it longer than a moment.
/// - The ranks connect when an operation first needs it, for which all have to call: the first reduction does it.

#include <cstddef>
#include <cstdint>

#include "atnas/comm/communicator.hpp"
#include "check.hpp"

namespace atnas::comm::nccl {

/// The ranks of a Communicator, each with its GPU. What throws has aborted the communicator before.
class NcclCommunicator {
  public:
    /// Rank 0's id is broadcast over MPI. Waits until all ranks are there. Collective.
    NcclCommunicator(const Communicator& communicator, double timeout_seconds);
    /// Ends it together with the other ranks, or alone by ncclCommAbort when an exception is under way.
    ~NcclCommunicator();
    NcclCommunicator(const NcclCommunicator&) = delete;
    NcclCommunicator& operator=(const NcclCommunicator&) = delete;

    // --- Queued on the stream when they return -----------------------------------------------------------------------
    /// values = sum over ranks, in place.
    void all_reduce(std::int64_t* values, std::size_t count, cudaStream_t stream);
    void all_reduce(float* values, std::size_t count, cudaStream_t stream);

    /// Throws what went wrong in queued communication.
    void expect_healthy();
    /// Ends what is queued; the streams go on. Nothing can be sent afterwards. Other ranks need not do the same: what
    /// NCCL then waits for is left behind after two seconds.
    void abort() noexcept;

  private:
    /// Waits until the last call has done its part, after which its work is queued.
    void settle(const char* call);
    template <class Calls>
    void guarded(const char* call, Calls calls);

    int rank_;
    int size_;
    double timeout_seconds_;
    int exceptions_;  ///< under way when this was made
    ncclComm_t handle_{nullptr};
};

}  // namespace atnas::comm::nccl
