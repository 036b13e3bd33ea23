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

/// Adds up what the threads of a block left in \p sums, always in the same order; the total is in sums[0] for all of
/// them. \pre every thread of the block calls it, after writing its own place
__device__ inline void add_up(double* sums) {
    for (unsigned width = blockDim.x / 2; width > 0; width /= 2) {
        __syncthreads();
        if (threadIdx.x < width) sums[threadIdx.x] += sums[threadIdx.x + width];
    }
    __syncthreads();
}

}  // namespace atnas::backend::cuda
