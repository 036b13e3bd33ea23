// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What every way to compute a convolution is told: the direction, the sizes, and where the tensors are.

#include "atnas/backend/op.hpp"

namespace atnas::backend::cuda {

/// A convolution and its two derivatives.
enum class Direction { forward, backward_data, backward_filter };

/// cudnn: an algorithm of cuDNN where it has one that the options allow, else direct. direct: always the program's own
/// kernels, with the same bits every time; no deck asks for that, tests do.
enum class ConvolutionLibrary { cudnn, direct };

/// Sizes of a convolution.
struct ConvolutionShapes {
    ConvolutionSpec spec;
    Shape x, weight, y;
};

/// Places of the three tensors. Which one is written depends on the direction; then it holds a gradient, and so does y
/// in the backward directions.
struct ConvolutionPlaces {
    void* x;
    void* weight;
    void* y;
};

}  // namespace atnas::backend::cuda
