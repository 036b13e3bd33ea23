// SPDX-License-Identifier: Apache-2.0
#include "self_test.hpp"

namespace cuda_sim::self_test {

__global__ void axpy(float a, const float* x, float* y, int n) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < n) y[i] += a * x[i];
}

__global__ void block_sum(const float* x, float* sum) {
    __shared__ float partial[256];
    const unsigned i = threadIdx.x;
    partial[i] = x[blockIdx.x * blockDim.x + i];
    __syncthreads();
    for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
        if (i < half) partial[i] += partial[i + half];
        __syncthreads();
    }
    if (i == 0) sum[blockIdx.x] = partial[0];
}

__global__ void read_too_early(const float* x, float* y) {
    __shared__ float values[256];
    const unsigned i = threadIdx.x;
    __syncthreads();
    values[i] = x[i];
    y[i] = values[(i + blockDim.x - 1) % blockDim.x];
}

__global__ void write_too_early(const float* x, float* y) {
    __shared__ float values[256];
    const unsigned i = threadIdx.x;
    values[i] = x[i];
    __syncthreads();
    y[i] = values[(i + 1) % blockDim.x];
    values[i] = 0.0f;
}

__global__ void remember(const float* x, float* y) {
    __shared__ float values[256];
    const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    y[i] = values[threadIdx.x];
    values[threadIdx.x] = x[i];
}

__global__ void last_one(float* x) {
    x[0] = static_cast<float>(blockIdx.x * blockDim.x + threadIdx.x);
}

__global__ void uneven_barrier(float* x) {
    if (threadIdx.x + 1 < blockDim.x) __syncthreads();
    x[threadIdx.x] = 1.0f;
}

__global__ void overrun(float* x, int n) {
    x[n] = 1.0f;
}

__global__ void copy_pair(Pair pair, int n) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < n) pair.to[i] = pair.from[i];
}

__global__ void indices(int* x, int width) {
    const int column = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    const int row = static_cast<int>(blockIdx.y * blockDim.y + threadIdx.y);
    if (column < width) x[row * width + column] = row * width + column;
}

}  // namespace cuda_sim::self_test
