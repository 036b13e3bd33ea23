// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which elements a thread of a kernel works on.

#include <cstddef>

#include <cuda_runtime_api.h>

#include "block.hpp"

namespace atnas::backend::cuda {

/// for (i = first_element(); i < count; i += grid_stride()): every element once, whatever the size of the grid.
__device__ inline std::size_t first_element() {
    return std::size_t{blockIdx.x} * blockDim.x + threadIdx.x;
}
__device__ inline std::size_t grid_stride() {
    return std::size_t{gridDim.x} * blockDim.x;
}

/// Adds up what groups of \p threads consecutive threads left in one array or several, always in the same order; the
/// totals of a group are in the places of its first thread, for all of them. \pre a power of two that divides the
/// block; every thread of the block calls it, after writing its own places
template <class... Sums>
__device__ void add_up_groups(unsigned threads, Sums*... sums) {
    const unsigned lane = threadIdx.x % threads;
    for (unsigned width = threads / 2; width > 0; width /= 2) {
        __syncthreads();
        if (lane < width) ((sums[threadIdx.x] += sums[threadIdx.x + width]), ...);
    }
    __syncthreads();
}

/// The same for a whole block: the total is in sums[0].
__device__ inline void add_up(double* sums) {
    add_up_groups(blockDim.x, sums);
}

}  // namespace atnas::backend::cuda
