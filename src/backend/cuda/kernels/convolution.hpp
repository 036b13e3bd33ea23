// SPDX-License-Identifier: Apache-2.0
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
/// How the images and pixels that an element of dweight is summed over are cut, for several blocks to share them.
struct FilterSlices {
    unsigned count;
    unsigned length;  ///< the last may have fewer
};
/// dweight from x and dy, summed over images and pixels in double. One block per element and slice. Where there are
/// several slices it leaves their sums in \p partial [elements of dweight, slices] for convolution_add_slices().
///
/// What it costs: for each element of dweight images * rows.out * columns.out multiply-adds in double, with as many
/// reads of a float of x and of one of dy. Nothing is kept between elements, so that all of dy is read once for every
/// input channel of the group and tap, and all of x as often as its channel has outputs times taps: 64 channels to 64
/// by 3 x 3 on 75 images of 28 x 28 are 2.2e9 multiply-adds and 17 GB through the caches. cuDNN reads a fraction of
/// that and adds in float, which is why these kernels are the last resort.
__global__ void convolution_backward_filter(ConvolutionSizes sizes, FilterSlices slices, const float* x,
                                            const float* dy, double* partial, float* dweight);
/// dweight = sums of the slices, in order. One of \p count elements of dweight per thread.
__global__ void convolution_add_slices(FilterSlices slices, const double* partial, float* dweight, unsigned count);

}  // namespace atnas::backend::cuda
