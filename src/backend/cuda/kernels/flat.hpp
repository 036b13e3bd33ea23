#pragma once
/// \file
/// Kernels on flat arrays: weights, gradients, moments. One element per thread, striding over the grid.

#include <cstddef>

#include <cuda_runtime_api.h>

#include "atnas/backend/backend.hpp"

namespace atnas::backend::cuda {

__global__ void fill(float* x, std::size_t count, float value);
/// y += a * x
__global__ void axpy(float a, const float* x, float* y, std::size_t count);
__global__ void scale(float* x, std::size_t count, float factor);
/// See Backend::adam.
__global__ void adam(AdamStep step, const float* gradient, float* weights, float* first, float* second,
                     std::size_t count);

/// Partial sums of squares of one range: slot b of \p partial is that of block b.
__global__ void squares(const float* x, std::size_t count, double* partial);
/// result = the partial sums, in order.
__global__ void add_partials(const double* partial, std::size_t count, double* result);

/// A segment per block of threads: local = shared, or shared += a * local.
__global__ void gather(const Segment* segments, const float* shared, float* local);
__global__ void scatter(const Segment* segments, float a, const float* local, float* shared);

}  // namespace atnas::backend::cuda
