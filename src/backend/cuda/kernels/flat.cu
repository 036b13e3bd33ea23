#include "flat.hpp"
#include "grid.cuh"

namespace atnas::backend::cuda {

__global__ void fill(float* x, std::size_t count, float value) {
    for (std::size_t i = first_element(); i < count; i += grid_stride()) x[i] = value;
}

__global__ void axpy(float a, const float* x, float* y, std::size_t count) {
    for (std::size_t i = first_element(); i < count; i += grid_stride()) y[i] += a * x[i];
}

__global__ void scale(float* x, std::size_t count, float factor) {
    for (std::size_t i = first_element(); i < count; i += grid_stride()) x[i] *= factor;
}

__global__ void adam(AdamStep step, const float* gradient, float* weights, float* first, float* second,
                     std::size_t count) {
    for (std::size_t i = first_element(); i < count; i += grid_stride()) {
        const float g = gradient[i];
        const float m = step.beta1 * first[i] + (1.0f - step.beta1) * g;
        const float v = step.beta2 * second[i] + (1.0f - step.beta2) * g * g;
        first[i] = m;
        second[i] = v;
        weights[i] -= step.rate * m / (sqrtf(v) + step.epsilon);
    }
}

__global__ void squares(const float* x, std::size_t count, double* partial) {
    __shared__ double sums[block_threads];
    double sum = 0.0;
    for (std::size_t i = first_element(); i < count; i += grid_stride()) {
        const double value = x[i];
        sum += value * value;
    }
    sums[threadIdx.x] = sum;
    add_up(sums);
    if (threadIdx.x == 0) partial[blockIdx.x] = sums[0];
}

__global__ void add_partials(const double* partial, std::size_t count, double* result) {
    if (first_element() != 0) return;
    double sum = 0.0;
    for (std::size_t i = 0; i < count; ++i) sum += partial[i];
    *result = sum;
}

__global__ void gather(const Segment* segments, const float* shared, float* local) {
    const Segment segment = segments[blockIdx.x];
    for (std::size_t i = threadIdx.x; i < segment.count; i += blockDim.x)
        local[segment.local + i] = shared[segment.shared + i];
}

__global__ void scatter(const Segment* segments, float a, const float* local, float* shared) {
    const Segment segment = segments[blockIdx.x];
    for (std::size_t i = threadIdx.x; i < segment.count; i += blockDim.x)
        shared[segment.shared + i] += a * local[segment.local + i];
}

}  // namespace atnas::backend::cuda
