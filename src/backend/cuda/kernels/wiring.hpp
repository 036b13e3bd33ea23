// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Kernels of the operations that do little more than move values: sums over several tensors, ReLU, factors of images,
/// subsampling. One element per thread.

#include <cstddef>

#include <cuda_runtime_api.h>

namespace atnas::backend::cuda {

/// Up to eight tensors of one shape. Longer lists take several launches.
struct Sources {
    static constexpr unsigned most = 8;
    const float* data[most];
    unsigned count;
};

/// y = (before, if any) + the sources, in order. \p before may be y.
__global__ void add_sources(Sources sources, const float* before, float* y, std::size_t count);
/// dx = (before, if any) + sum of direct + [x > 0] * sum of rectified, each in order. \p before may be dx.
__global__ void fan_out_gradient(const float* x, Sources direct, Sources rectified, const float* before, float* dx,
                                 std::size_t count);
/// y = max(x, 0)
__global__ void relu(const float* x, float* y, std::size_t count);
/// Rows of so many elements: y = factor of the row * x. \pre the elements can be counted in 31 bits
__global__ void scale_images(const float* factors, const float* x, unsigned row, float* y, unsigned count);

/// Neighbouring parts of a concatenation, up to eight. An image is a row of y, and the channels of a part lie together
/// in it. Longer lists take several launches. \pre the elements can be counted in 31 bits
struct Parts {
    static constexpr unsigned most = 8;
    float* data[most];   ///< dense; null for one that is left out
    unsigned end[most];  ///< element of the row behind the part
    unsigned count;
    unsigned begin;  ///< element of the row where the first part begins
    unsigned row;    ///< elements of a row
};
/// The columns of y that the parts make up, from these; or the parts from these columns.
__global__ void join_parts(Parts parts, unsigned images, float* y);
__global__ void split_parts(Parts parts, unsigned images, const float* y);

/// Half-size grid of \p planes planes of \p height x \p width. \pre the elements can be counted in 31 bits
struct HalfGrid {
    unsigned planes;
    unsigned height, width;            ///< of x
    unsigned half_height, half_width;  ///< of y
    unsigned offset;
};
/// y[i, j] = x[2i + offset, 2j + offset], zero outside.
__global__ void subsample(HalfGrid grid, const float* x, float* y);
/// dx from dy, zero where x is not in y.
__global__ void subsample_gradient(HalfGrid grid, const float* dy, float* dx);

}  // namespace atnas::backend::cuda
