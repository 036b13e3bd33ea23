// SPDX-License-Identifier: Apache-2.0
#include "exact_sum.hpp"
#include "grid.cuh"

namespace atnas::backend::cuda {
namespace {

/// A product with a power of two is exact: llrintf() rounds once, to nearest even.
__device__ inline long long fixed_point(float value) {
    return llrintf(value * 0x1p44f);
}

__device__ inline void add(float x, const SumWords& sum, std::size_t i) {
    if (fabsf(x) < sum.limit) {
        sum.elements[i] += fixed_point(x);
    } else {
        atomicOr(sum.flag, 1ull);
    }
}

}  // namespace

__global__ void accumulate(const float* x, SumWords sum, std::size_t first, std::size_t count) {
    for (std::size_t i = first_element(); i < count; i += grid_stride()) add(x[i], sum, first + i);
}

__global__ void accumulate_segments(const Segment* segments, const float* local, SumWords sum) {
    const Segment segment = segments[blockIdx.x];
    for (std::size_t i = threadIdx.x; i < segment.count; i += blockDim.x)
        add(local[segment.local + i], sum, segment.shared + i);
}

__global__ void to_floats(const Piece* pieces, const float* factors, const long long* sum, float* to) {
    const Piece piece = pieces[blockIdx.x];
    const float factor = factors[piece.range] * 0x1p-44f;
    for (unsigned i = threadIdx.x; i < piece.count; i += blockDim.x)
        to[piece.first + i] = static_cast<float>(sum[piece.first + i]) * factor;
}

__global__ void all_to_floats(const long long* sum, float* to, std::size_t count) {
    for (std::size_t i = first_element(); i < count; i += grid_stride())
        to[i] = static_cast<float>(sum[i]) * 0x1p-44f;
}

__global__ void from_floats(const float* from, long long* sum, std::size_t count) {
    for (std::size_t i = first_element(); i < count; i += grid_stride()) sum[i] = fixed_point(from[i]);
}

}  // namespace atnas::backend::cuda
