#pragma once
/// \file
/// Convolution with any stride, padding, dilation and groups, and its derivatives: every element of a result is
/// summed in one order, so that the bits are the same every time.

#include <cuda_runtime_api.h>

namespace atnas::backend::cuda {

/// One axis of a convolution.
struct ConvolutionAxis {
    unsigned in;      ///< pixels of x
    unsigned out;     ///< pixels of y
    unsigned kernel;  ///< taps
    unsigned stride, pad, dilation;
};

/// Sizes of a convolution of dense NCHW tensors. \pre the elements of each can be counted in 31 bits
struct ConvolutionSizes {
    unsigned images;
    unsigned inputs;   ///< channels of x
    unsigned outputs;  ///< channels of y
    unsigned group_inputs, group_outputs;
    ConvolutionAxis rows, columns;
};

/// y from x and weight [outputs, group_inputs, rows.kernel, columns.kernel]. One element of y per thread.
__global__ void convolution_forward(ConvolutionSizes sizes, const float* x, const float* weight, float* y);
/// dx from weight and dy. One element of dx per thread.
__global__ void convolution_backward_data(ConvolutionSizes sizes, const float* weight, const float* dy, float* dx);
/// Element blockIdx.x of dweight from x and dy, summed over images and pixels in double. One block per element.
__global__ void convolution_backward_filter(ConvolutionSizes sizes, const float* x, const float* dy, float* dweight);

}  // namespace atnas::backend::cuda
