// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Included in front of every .cu file that is compiled for the host: the part of CUDA C++ that the kernels use.
/// Blocks run one after another, so that what a block shares can be static.

#include <cuda_runtime_api.h>

#include <cmath>
#include <cstdint>

// Words of the CUDA language, which C++ only lets a macro take away.
#undef __global__
#undef __device__
#undef __host__
#undef __shared__
#undef __forceinline__
#undef __launch_bounds__
#define __global__
#define __device__
#define __host__
#define __shared__ [[gnu::section("cuda_shared")]] static
#define __forceinline__ inline
#define __launch_bounds__(...)

namespace cuda_sim {

/// Set by the simulator before it runs a thread; only one thread runs at a time.
extern uint3 thread_index;
extern uint3 block_index;
extern dim3 block_size;
extern dim3 grid_size;
/// Returns when every thread of the block has come here.
void barrier();

}  // namespace cuda_sim

// Built-in variables of the language.
inline const uint3& threadIdx = cuda_sim::thread_index;
inline const uint3& blockIdx = cuda_sim::block_index;
inline const dim3& blockDim = cuda_sim::block_size;
inline const dim3& gridDim = cuda_sim::grid_size;
inline void __syncthreads() {
    cuda_sim::barrier();
}
/// Threads take turns: nothing comes between the read and the write.
inline unsigned long long atomicOr(unsigned long long* word, unsigned long long bits) {
    const unsigned long long before = *word;
    *word = before | bits;
    return before;
}
