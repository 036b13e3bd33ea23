// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A point on a stream, with the time at which it was reached.

#include <memory>
#include <type_traits>

#include "check.hpp"

namespace atnas::comm::nccl {

class TimedEvent {
  public:
    TimedEvent() {
        cudaEvent_t event = nullptr;
        check(cudaEventCreateWithFlags(&event, cudaEventDefault), "cudaEventCreateWithFlags");
        event_.reset(event);
    }

    void record(cudaStream_t stream) { check(cudaEventRecord(event_.get(), stream), "cudaEventRecord"); }
    /// Whether what it was recorded behind is done.
    bool reached() const {
        const cudaError_t result = cudaEventQuery(event_.get());
        if (result != cudaErrorNotReady) check(result, "cudaEventQuery");
        return result == cudaSuccess;
    }
    /// \pre both were reached
    double seconds_since(const TimedEvent& earlier) const {
        float milliseconds = 0;
        check(cudaEventElapsedTime(&milliseconds, earlier.event_.get(), event_.get()), "cudaEventElapsedTime");
        return 1e-3 * static_cast<double>(milliseconds);
    }

  private:
    struct Destroy {
        // Nothing to be done about an error: after a lost device every call fails.
        void operator()(cudaEvent_t event) const noexcept { static_cast<void>(cudaEventDestroy(event)); }
    };
    std::unique_ptr<std::remove_pointer_t<cudaEvent_t>, Destroy> event_;
};

}  // namespace atnas::comm::nccl
