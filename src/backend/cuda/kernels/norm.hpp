#pragma once
/// \file
/// Batch normalisation where cuDNN has none: with a ReLU, with given statistics, without a gradient of the input.

#include <cuda_runtime_api.h>

#include "atnas/backend/op.hpp"

namespace atnas::backend::cuda {

/// Sizes of a dense NCHW tensor. \pre its elements can be counted in 31 bits
struct Planes {
    unsigned images;
    unsigned channels;
    unsigned pixels;  ///< of a plane
};

/// What a normalisation of one tensor knows. Without scale and shift they are 1 and 0.
struct NormValues {
    const float* x;
    const float* mean;
    const float* variance;
    const float* scale;
    const float* shift;
    float epsilon;
    NormRelu relu;
};

/// Mean and biased variance of channel blockIdx.x, summed in double in a fixed order. One block per channel.
__global__ void norm_statistics(Planes planes, const float* x, float* mean, float* variance);
/// variance = 1 / inverse_deviation^2 - epsilon, from what cuDNN keeps of a batch. One thread per channel.
__global__ void norm_variance(const float* inverse_deviation, float epsilon, unsigned channels, float* variance);
/// y = (x - mean) / sqrt(variance + epsilon) * scale + shift, then ReLU where wanted. One element per thread.
__global__ void norm_apply(Planes planes, NormValues values, float* y);

/// Of channel blockIdx.x: sum = sum of the gradient (dshift), product = sum of the gradient times the normalised input
/// (dscale). Where the ReLU cut y off the gradient is zero. One block per channel.
__global__ void norm_gradient_sums(Planes planes, NormValues values, const float* y, const float* dy, float* sum,
                                   float* product);
/// dx from the sums of the channel; without them (null) mean and variance are constants. One element per thread.
__global__ void norm_gradient(Planes planes, NormValues values, const float* y, const float* dy, const float* sum,
                              const float* product, float* dx);

}  // namespace atnas::backend::cuda
