// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Launches of kernels in tests.

#include <array>

#include "sim_test.hpp"

namespace cuda_sim::test {

template <class... Parameters>
cudaError_t launch(void (*kernel)(Parameters...), dim3 grid, dim3 block, cudaStream_t stream, Parameters... arguments) {
    std::array<void*, sizeof...(Parameters)> pointers{const_cast<void*>(static_cast<const void*>(&arguments))...};
    return cudaLaunchKernel(reinterpret_cast<const void*>(kernel), grid, block, pointers.data(), 0, stream);
}

/// Whether the compiler tells the simulated device of every access of a kernel.
constexpr bool watches_kernels() noexcept {
    return CUDA_SIM_WATCHED_KERNELS != 0;
}

}  // namespace cuda_sim::test
