// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Kernels of the simulated device's own tests.

#include <cuda_runtime_api.h>

namespace cuda_sim::self_test {

/// y[i] += a x[i]
__global__ void axpy(float a, const float* x, float* y, int n);
/// One block of at most 256 threads: sum[0] = x[0] + ... + x[blockDim.x - 1], a power of two of them.
__global__ void block_sum(const float* x, float* sum);
/// y[i] = x[i - 1] or x[i + 1] through shared memory, without the barrier before the reading, or without the one
/// between the reading and the next writing. One block of at most 256 threads.
__global__ void read_too_early(const float* x, float* y);
__global__ void write_too_early(const float* x, float* y);
/// y = what shared memory holds before the block writes x to it. Blocks of at most 256 threads.
__global__ void remember(const float* x, float* y);
/// x[0] = number of the thread that runs last.
__global__ void last_one(float* x);
/// A barrier that the last thread does not reach.
__global__ void uneven_barrier(float* x);
/// Writes one element behind the end.
__global__ void overrun(float* x, int n);
/// Pointers inside a struct.
struct Pair {
    const float* from;
    float* to;
};
__global__ void copy_pair(Pair pair, int n);
/// x[i] = index of the element as block, thread and their y parts see it.
__global__ void indices(int* x, int width);

}  // namespace cuda_sim::self_test
