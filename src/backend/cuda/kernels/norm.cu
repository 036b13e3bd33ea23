#include "grid.cuh"
#include "norm.hpp"

namespace atnas::backend::cuda {
namespace {

/// Place of value \p i of a channel, counted over images and pixels.
__device__ unsigned place(const Planes& planes, unsigned channel, unsigned i) {
    return (i / planes.pixels * planes.channels + channel) * planes.pixels + i % planes.pixels;
}

__device__ float inverse_deviation(const NormValues& values, unsigned channel) {
    return 1.0f / sqrtf(values.variance[channel] + values.epsilon);
}

/// Without a ReLU y is not read.
__device__ float masked(const NormValues& values, const float* y, const float* dy, unsigned i) {
    return values.relu == NormRelu::yes && !(y[i] > 0.0f) ? 0.0f : dy[i];
}

}  // namespace

__global__ void norm_statistics(Planes planes, const float* x, float* mean, float* variance) {
    __shared__ double sums[block_threads];
    const unsigned channel = blockIdx.x;
    const unsigned count = planes.images * planes.pixels;
    double sum = 0.0;
    for (unsigned i = threadIdx.x; i < count; i += blockDim.x) sum += x[place(planes, channel, i)];
    sums[threadIdx.x] = sum;
    add_up(sums);
    const double centre = sums[0] / count;
    // All have read the total before the next sum overwrites it.
    __syncthreads();

    double squares = 0.0;
    for (unsigned i = threadIdx.x; i < count; i += blockDim.x) {
        const double deviation = x[place(planes, channel, i)] - centre;
        squares += deviation * deviation;
    }
    sums[threadIdx.x] = squares;
    add_up(sums);
    if (threadIdx.x == 0) {
        mean[channel] = static_cast<float>(centre);
        variance[channel] = static_cast<float>(sums[0] / count);
    }
}

__global__ void norm_variance(const float* inverse_deviation, float epsilon, unsigned channels, float* variance) {
    for (std::size_t c = first_element(); c < channels; c += grid_stride()) {
        const float inverse = inverse_deviation[c];
        // Rounding may lead below zero. Written so that NaN stays.
        const float value = 1.0f / (inverse * inverse) - epsilon;
        variance[c] = value < 0.0f ? 0.0f : value;
    }
}

__global__ void norm_apply(Planes planes, NormValues values, float* y) {
    const unsigned count = planes.images * planes.channels * planes.pixels;
    for (auto i = static_cast<unsigned>(first_element()); i < count; i += static_cast<unsigned>(grid_stride())) {
        const unsigned channel = i / planes.pixels % planes.channels;
        const float factor = inverse_deviation(values, channel) * values.scale[channel];
        const float value = (values.x[i] - values.mean[channel]) * factor + values.shift[channel];
        y[i] = values.relu == NormRelu::yes && !(value > 0.0f) ? 0.0f : value;
    }
}

__global__ void norm_gradient_sums(Planes planes, NormValues values, const float* y, const float* dy, float* sum,
                                   float* product) {
    __shared__ double sums[block_threads];
    __shared__ double products[block_threads];
    const unsigned channel = blockIdx.x;
    const unsigned count = planes.images * planes.pixels;
    const float inverse = inverse_deviation(values, channel);
    const float mean = values.mean[channel];
    double own_sum = 0.0;
    double own_product = 0.0;
    for (unsigned k = threadIdx.x; k < count; k += blockDim.x) {
        const unsigned i = place(planes, channel, k);
        const double gradient = masked(values, y, dy, i);
        own_sum += gradient;
        own_product += gradient * ((values.x[i] - mean) * inverse);
    }
    sums[threadIdx.x] = own_sum;
    products[threadIdx.x] = own_product;
    add_up(sums);
    add_up(products);
    if (threadIdx.x == 0) {
        sum[channel] = static_cast<float>(sums[0]);
        product[channel] = static_cast<float>(products[0]);
    }
}

__global__ void norm_gradient(Planes planes, NormValues values, const float* y, const float* dy, const float* sum,
                              const float* product, float* dx) {
    const unsigned count = planes.images * planes.channels * planes.pixels;
    const float share = 1.0f / static_cast<float>(planes.images * planes.pixels);
    for (auto i = static_cast<unsigned>(first_element()); i < count; i += static_cast<unsigned>(grid_stride())) {
        const unsigned channel = i / planes.pixels % planes.channels;
        const float inverse = inverse_deviation(values, channel);
        float gradient = masked(values, y, dy, i);
        if (sum != nullptr) {
            const float normalised = (values.x[i] - values.mean[channel]) * inverse;
            gradient = gradient - sum[channel] * share - normalised * (product[channel] * share);
        }
        dx[i] = inverse * values.scale[channel] * gradient;
    }
}

}  // namespace atnas::backend::cuda
