// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Convolutions by kernels of our own.

#include <cstddef>

#include "context.hpp"
#include "convolution.hpp"
#include "kernels/convolution.hpp"

namespace atnas::backend::cuda {

/// One convolution of any shape, and its derivatives, with the same bits every time: for shapes for which cuDNN has no
/// algorithm that is allowed.
class DirectConvolution {
  public:
    /// \pre the elements of each tensor can be counted in 31 bits
    explicit DirectConvolution(const ConvolutionShapes& shapes);

    /// Bytes of the context's working memory that run() takes.
    std::size_t workspace(Direction direction) const noexcept;
    /// Queues the convolution, or the derivative; what it writes is overwritten.
    void run(CudaContext& context, Direction direction, const ConvolutionPlaces& places) const;

  private:
    unsigned x_count_, weight_count_, y_count_;
    ConvolutionSizes sizes_;
    FilterSlices slices_;
};

}  // namespace atnas::backend::cuda
