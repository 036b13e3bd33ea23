#pragma once
/// \file
/// Convolutions by kernels of our own.

#include "context.hpp"
#include "convolution.hpp"
#include "kernels/convolution.hpp"

namespace atnas::backend::cuda {

/// One convolution of any shape, and its derivatives, with the same bits every time: for shapes for which cuDNN has no
/// algorithm that is allowed. Needs no working memory.
class DirectConvolution {
  public:
    /// \pre the elements of each tensor can be counted in 31 bits
    explicit DirectConvolution(const ConvolutionShapes& shapes);

    /// Queues the convolution, or the derivative; what it writes is overwritten.
    void run(CudaContext& context, Direction direction, const ConvolutionPlaces& places) const;

  private:
    unsigned x_count_, weight_count_, y_count_;
    ConvolutionSizes sizes_;
};

}  // namespace atnas::backend::cuda
