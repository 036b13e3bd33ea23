// SPDX-License-Identifier: Apache-2.0
#include "feature_scale.hpp"
#include "grid.cuh"

namespace atnas::backend::cuda {
namespace {

__device__ float scale_of(const ScaledRows& rows) {
    return rows.gain * expf(*rows.log_scale);
}

/// Of the block's row, for all threads. \pre every thread of the block calls it
__device__ float inverse_length(const ScaledRows& rows, const float* x) {
    __shared__ double squares[block_threads];
    if (rows.length == RowLength::kept) return 1.0f;
    double own = 0.0;
    for (unsigned f = threadIdx.x; f < rows.features; f += blockDim.x) own += static_cast<double>(x[f]) * x[f];
    squares[threadIdx.x] = own;
    add_up(squares);
    return static_cast<float>(1.0 / sqrt(squares[0] + static_cast<double>(rows.epsilon)));
}

}  // namespace

__global__ void scale_rows(ScaledRows rows, float* y) {
    const std::size_t first = std::size_t{blockIdx.x} * rows.features;
    const float factor = scale_of(rows) * inverse_length(rows, rows.x + first);
    for (unsigned f = threadIdx.x; f < rows.features; f += blockDim.x) y[first + f] = factor * rows.x[first + f];
}

__global__ void scale_rows_gradient(ScaledRows rows, const float* dy, float* dx, double* shares) {
    __shared__ double products[block_threads];
    const std::size_t first = std::size_t{blockIdx.x} * rows.features;
    const float* const x = rows.x + first;
    const float scale = scale_of(rows);
    const float inverse = inverse_length(rows, x);
    double own = 0.0;
    for (unsigned f = threadIdx.x; f < rows.features; f += blockDim.x)
        own += static_cast<double>(inverse) * x[f] * dy[first + f];
    products[threadIdx.x] = own;
    add_up(products);
    const double along = products[0];
    if (shares != nullptr && threadIdx.x == 0) shares[blockIdx.x] = scale * along;
    if (dx == nullptr) return;
    const float taken = rows.length == RowLength::one ? static_cast<float>(along) * inverse : 0.0f;
    for (unsigned f = threadIdx.x; f < rows.features; f += blockDim.x)
        dx[first + f] = scale * inverse * (dy[first + f] - taken * x[f]);
}

__global__ void sum_shares(const double* shares, unsigned rows, float* dlog_scale) {
    __shared__ double sums[block_threads];
    double own = 0.0;
    for (unsigned n = threadIdx.x; n < rows; n += blockDim.x) own += shares[n];
    sums[threadIdx.x] = own;
    add_up(sums);
    if (threadIdx.x == 0) *dlog_scale = static_cast<float>(sums[0]);
}

}  // namespace atnas::backend::cuda
