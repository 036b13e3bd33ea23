// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Kernels on flat arrays: weights, gradients, moments.

#include <cstddef>

#include <cuda_runtime_api.h>

#include "atnas/backend/backend.hpp"

namespace atnas::backend::cuda {

// --- On one range: an element per thread, striding over the grid
__global__ void fill(float* x, std::size_t count, float value);
/// y += a * x
__global__ void axpy(float a, const float* x, float* y, std::size_t count);

// --- On many ranges at once: a piece per block of threads

/// Part of a range, short enough that the blocks of threads have about the same to do.
struct Piece {
    static constexpr unsigned most = 4096;
    std::size_t first;
    unsigned count;
    unsigned range;  ///< to which it belongs
};

/// x *= the factor of its range
__global__ void scale(const Piece* pieces, const float* factors, float* x);
/// See Backend::lerp, Backend::adam and Backend::sgd.
__global__ void lerp(const Piece* pieces, const float* factors, const float* x, float* y);
__global__ void adam(const Piece* pieces, const AdamStep* steps, const float* gradient, float* weights, float* first,
                     float* second);
__global__ void sgd(const Piece* pieces, SgdStep step, const float* gradient, float* weights, float* velocity);
/// partial[b] = sum of squares of piece b, in a fixed order.
__global__ void squares(const Piece* pieces, const float* x, double* partial);
/// result = sum of the partial sums, in a fixed order. One block.
__global__ void add_partials(const double* partial, std::size_t count, double* result);

/// local = shared, a segment per block of threads.
__global__ void gather(const Segment* segments, const float* shared, float* local);

}  // namespace atnas::backend::cuda
