// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What every runtime call begins and ends with: the device's lock, the log, injected and sticky errors, the last
/// error.

#include <mutex>
#include <string>

#include "device.hpp"

namespace cuda_sim {

/// Guards all state of the simulated device.
std::recursive_mutex& device_lock();

/// Whether ATNAS_SIM_RANK lets faults happen in this process.
bool this_rank_is_meant();

/// ATNAS_SIM_ORDER: which of several things that may come in any order comes first.
enum class RunOrder { lazy, reverse };
RunOrder run_order();

enum class Needs { device, nothing };

/// One call of the runtime, from its first line to its last: holds the device's lock. If refused(), return error().
class Call {
  public:
    explicit Call(const char* name, Needs needs = Needs::device);
    bool refused() const noexcept { return error_ != cudaSuccess; }
    cudaError_t error() const noexcept { return error_; }
    /// Records \p error as this thread's last error and returns it.
    cudaError_t fail(cudaError_t error) noexcept;
    const char* name() const noexcept { return name_; }
    /// Lets other threads in while this call waits.
    void pause();

  private:
    std::unique_lock<std::recursive_mutex> lock_;
    const char* name_;
    cudaError_t error_{cudaSuccess};
};

/// This thread's last error, which is then forgotten unless it is a sticky one.
cudaError_t take_last_error() noexcept;

}  // namespace cuda_sim
