// SPDX-License-Identifier: Apache-2.0
#include "flat.hpp"
#include "grid.cuh"

namespace atnas::backend::cuda {

__global__ void fill(float* x, std::size_t count, float value) {
    for (std::size_t i = first_element(); i < count; i += grid_stride()) x[i] = value;
}

__global__ void axpy(float a, const float* x, float* y, std::size_t count) {
    for (std::size_t i = first_element(); i < count; i += grid_stride()) y[i] += a * x[i];
}

__global__ void scale(const Piece* pieces, const float* factors, float* x) {
    const Piece piece = pieces[blockIdx.x];
    const float factor = factors[piece.range];
    for (unsigned i = threadIdx.x; i < piece.count; i += blockDim.x) x[piece.first + i] *= factor;
}

__global__ void lerp(const Piece* pieces, const float* factors, const float* x, float* y) {
    const Piece piece = pieces[blockIdx.x];
    const float fresh = factors[piece.range];
    const float kept = 1.0f - fresh;
    for (unsigned k = threadIdx.x; k < piece.count; k += blockDim.x) {
        const std::size_t i = piece.first + k;
        y[i] = kept * y[i] + fresh * x[i];
    }
}

__global__ void adam(const Piece* pieces, const AdamStep* steps, const float* gradient, float* weights, float* first,
                     float* second) {
    const Piece piece = pieces[blockIdx.x];
    const AdamStep step = steps[piece.range];
    for (unsigned k = threadIdx.x; k < piece.count; k += blockDim.x) {
        const std::size_t i = piece.first + k;
        const float g = gradient[i];
        const float m = step.beta1 * first[i] + (1.0f - step.beta1) * g;
        const float v = step.beta2 * second[i] + (1.0f - step.beta2) * g * g;
        first[i] = m;
        second[i] = v;
        weights[i] -= step.rate * m / (sqrtf(v) + step.epsilon);
    }
}

__global__ void sgd(const Piece* pieces, SgdStep step, const float* gradient, float* weights, float* velocity) {
    const Piece piece = pieces[blockIdx.x];
    for (unsigned k = threadIdx.x; k < piece.count; k += blockDim.x) {
        const std::size_t i = piece.first + k;
        const float u = step.momentum * velocity[i] + gradient[i];
        velocity[i] = u;
        weights[i] -= step.rate * u;
    }
}

__global__ void squares(const Piece* pieces, const float* x, double* partial) {
    __shared__ double sums[block_threads];
    const Piece piece = pieces[blockIdx.x];
    double sum = 0.0;
    for (unsigned i = threadIdx.x; i < piece.count; i += blockDim.x) {
        const double value = x[piece.first + i];
        sum += value * value;
    }
    sums[threadIdx.x] = sum;
    add_up(sums);
    if (threadIdx.x == 0) partial[blockIdx.x] = sums[0];
}

__global__ void add_partials(const double* partial, std::size_t count, double* result) {
    __shared__ double sums[block_threads];
    double sum = 0.0;
    for (std::size_t i = threadIdx.x; i < count; i += blockDim.x) sum += partial[i];
    sums[threadIdx.x] = sum;
    add_up(sums);
    if (threadIdx.x == 0) *result = sums[0];
}

__global__ void gather(const Segment* segments, const float* shared, float* local) {
    const Segment segment = segments[blockIdx.x];
    for (std::size_t i = threadIdx.x; i < segment.count; i += blockDim.x)
        local[segment.local + i] = shared[segment.shared + i];
}

}  // namespace atnas::backend::cuda
