// SPDX-License-Identifier: Apache-2.0
#include "grid.cuh"
#include "prototypes.hpp"

namespace atnas::backend::cuda {

__global__ void prototypes(Labelled labelled, const float* x, float* prototypes, float* samples) {
    const std::size_t count = std::size_t{labelled.classes} * labelled.features;
    for (std::size_t k = first_element(); k < count; k += grid_stride()) {
        const auto c = static_cast<unsigned>(k / labelled.features);
        const std::size_t f = k % labelled.features;
        float sum = 0.0f;
        float images = 0.0f;
        for (std::size_t n = 0; n < labelled.images; ++n)
            if (static_cast<unsigned>(labelled.labels[n]) == c) {
                sum += x[n * labelled.features + f];
                images += 1.0f;
            }
        prototypes[k] = sum / images;
        if (f == 0) samples[c] = images;
    }
}

namespace {

/// a . b, for all threads of the block. \pre every one of them calls it
__device__ double product(const float* a, const float* b, unsigned features) {
    __shared__ double sums[block_threads];
    double own = 0.0;
    for (unsigned f = threadIdx.x; f < features; f += blockDim.x) own += static_cast<double>(a[f]) * b[f];
    // What the last call left may still be read.
    __syncthreads();
    sums[threadIdx.x] = own;
    add_up(sums);
    return sums[0];
}

__device__ float inverse_length(CosineWeight cosine, const float* prototype, unsigned features) {
    return static_cast<float>(1.0 / sqrt(product(prototype, prototype, features) + cosine.epsilon));
}

/// First element of the block's class in a matrix [classes, features].
__device__ std::size_t own_row(unsigned features) {
    return std::size_t{blockIdx.x} * features;
}

}  // namespace

__global__ void distance_layer(const float* prototypes, unsigned features, LinearLayer layer) {
    const float* const p = prototypes + own_row(features);
    float* const weight = layer.weight + own_row(features);
    const double squares = product(p, p, features);
    for (unsigned f = threadIdx.x; f < features; f += blockDim.x) weight[f] = 2.0f * p[f];
    if (threadIdx.x == 0) layer.bias[blockIdx.x] = static_cast<float>(-squares);
}

__global__ void distance_gradient(float* prototypes, unsigned features, LinearLayer gradients) {
    float* const p = prototypes + own_row(features);
    const float dbias = gradients.bias != nullptr ? gradients.bias[blockIdx.x] : 0.0f;
    for (unsigned f = threadIdx.x; f < features; f += blockDim.x) {
        const float dweight = gradients.weight != nullptr ? gradients.weight[own_row(features) + f] : 0.0f;
        p[f] = 2.0f * (dweight - dbias * p[f]);
    }
}

__global__ void cosine_layer(CosineWeight cosine, const float* prototypes, unsigned features, LinearLayer layer) {
    const float* const p = prototypes + own_row(features);
    float* const weight = layer.weight + own_row(features);
    const float factor = cosine.length * inverse_length(cosine, p, features);
    for (unsigned f = threadIdx.x; f < features; f += blockDim.x) weight[f] = factor * p[f];
    if (threadIdx.x == 0) layer.bias[blockIdx.x] = 0.0f;
}

__global__ void cosine_gradient(CosineWeight cosine, float* prototypes, unsigned features, LinearLayer gradients) {
    float* const p = prototypes + own_row(features);
    if (gradients.weight == nullptr) {
        for (unsigned f = threadIdx.x; f < features; f += blockDim.x) p[f] = 0.0f;
        return;
    }
    const float* const dweight = gradients.weight + own_row(features);
    const float inverse = inverse_length(cosine, p, features);
    const float along = inverse * static_cast<float>(product(p, dweight, features));
    for (unsigned f = threadIdx.x; f < features; f += blockDim.x)
        p[f] = cosine.length * inverse * (dweight[f] - along * inverse * p[f]);
}

__global__ void share_gradient(Labelled labelled, const float* dprototypes, const float* samples, float* dx) {
    const std::size_t count = std::size_t{labelled.images} * labelled.features;
    for (std::size_t i = first_element(); i < count; i += grid_stride()) {
        const auto c = static_cast<unsigned>(labelled.labels[i / labelled.features]);
        dx[i] = dprototypes[std::size_t{c} * labelled.features + i % labelled.features] / samples[c];
    }
}

}  // namespace atnas::backend::cuda
