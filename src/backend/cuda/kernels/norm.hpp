// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Batch normalisation, forward and backward. The values of a channel are added up in double, in an order that follows
/// from the shape alone.

#include <cuda_runtime_api.h>

#include "atnas/backend/op.hpp"

namespace atnas::backend::cuda {

/// Sizes of a dense NCHW tensor, and who works on it: groups of threads, each on a slice of a channel, as many groups
/// to a block as fit. \pre the elements can be counted in 31 bits
struct NormLayout {
    unsigned images;
    unsigned channels;
    unsigned pixels;   ///< of a plane
    unsigned threads;  ///< of a group: a power of two, at most block_threads
    unsigned slices;   ///< of a channel
    unsigned length;   ///< values of a slice, counted over images and pixels; the last slice may have fewer
};

/// What a normalisation of one tensor knows. Without scale and shift (null) they are 1 and 0.
struct NormValues {
    const float* x;
    float* mean;      ///< written by norm_forward() from the statistics of the batch, else read
    float* variance;  ///< likewise; biased
    const float* scale;
    const float* shift;
    float epsilon;
    NormStatistics statistics;
    NormRelu relu;
};

/// Two sums over a slice, or over a channel. Forward: of the deviations from the first value of the channel, and of
/// their squares. Backward: of the gradient (dshift), and of the gradient times the normalised input (dscale).
struct NormSums {
    double first;
    double second;
};

/// partial[channel * slices + slice] = sums of the forward pass, where a channel has several slices.
__global__ void norm_sums(NormLayout layout, const float* x, NormSums* partial);
/// y = (x - mean) / sqrt(variance + epsilon) * scale + shift, then ReLU where wanted. Statistics of the batch come from
/// \p partial where a channel has several slices.
__global__ void norm_forward(NormLayout layout, NormValues values, const NormSums* partial, float* y);

/// Gradients of one normalisation; dx, dscale and dshift may be null. y is read only where there is a ReLU: where that
/// cut y off the gradient is zero.
struct NormGradients {
    const float* y;
    const float* dy;
    float* dx;
    float* dscale;
    float* dshift;
};

/// The same for the backward pass. Given statistics are constants of the gradient.
__global__ void norm_gradient_sums(NormLayout layout, NormValues values, NormGradients gradients, NormSums* partial);
__global__ void norm_backward(NormLayout layout, NormValues values, NormGradients gradients, const NormSums* partial);

}  // namespace atnas::backend::cuda
