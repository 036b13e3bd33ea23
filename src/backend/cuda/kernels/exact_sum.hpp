// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Kernels on exact sums.

#include <cstddef>

#include <cuda_runtime_api.h>

#include "flat.hpp"

namespace atnas::backend::cuda {

/// Where an exact sum lies, as kernels take it.
struct SumWords {
    long long* elements;
    unsigned long long* flag;
    float limit;
};

/// sum[first ...] += x, over \p count elements.
__global__ void accumulate(const float* x, SumWords sum, std::size_t first, std::size_t count);
/// sum += local, a segment per block of threads.
__global__ void accumulate_segments(const Segment* segments, const float* local, SumWords sum);
/// to = factor * sum, a piece per block of threads.
__global__ void to_floats(const Piece* pieces, const float* factors, const long long* sum, float* to);
/// to = sum, over \p count words.
__global__ void all_to_floats(const long long* sum, float* to, std::size_t count);
/// sum = from, over \p count words.
__global__ void from_floats(const float* from, long long* sum, std::size_t count);

}  // namespace atnas::backend::cuda
