// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Runs a kernel over its grid.

#include <functional>
#include <string>

#include <cuda_runtime_api.h>

namespace cuda_sim {

/// Calls \p thread for every thread of every block, in order, or backwards with ATNAS_SIM_ORDER=reverse.
/// A block whose first thread comes to a barrier runs as
/// fibers. Violation if a barrier is reached by some threads of a block only. Hold the device's lock.
void run_grid(const std::string& kernel, dim3 grid, dim3 block, const std::function<void()>& thread);

}  // namespace cuda_sim
