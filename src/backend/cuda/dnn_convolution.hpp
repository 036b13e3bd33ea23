// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// All that is asked of cuDNN's classic convolution functions, which cuDNN 9 marks as deprecated: what replaces them
/// one day replaces this file, its .cpp and dnn_directions.hpp.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "algorithm_cache.hpp"
#include "atnas/backend/cuda_options.hpp"
#include "context.hpp"
#include "convolution.hpp"
#include "handles.hpp"

namespace atnas::backend::cuda {

struct AlgorithmOffer;
struct ConvolutionDescriptors;

/// Descriptors of one convolution, and the calls that take them.
class DnnConvolution {
  public:
    DnnConvolution(const ConvolutionShapes& shapes, Tf32 tf32);

    /// Algorithms that give the same bits every time, and results as near to the exact ones as float32 can: products
    /// and sums as they are written, without the transforms of Winograd or Fourier, by a fixed order of preference.
    /// After these, by its rules, all others of cuDNN that give the same bits every time. Empty when there is none.
    std::vector<Algorithm> deterministic(CudaContext& context, Direction direction);
    /// All algorithms, the fastest first, measured on \p scratch, which it overwrites. Empty when none works. Waits for
    /// the device.
    std::vector<Algorithm> fastest(CudaContext& context, Direction direction, const ConvolutionPlaces& scratch);
    /// The choice with the working memory that it needs now; empty where this cuDNN or these options refuse it.
    std::optional<Algorithm> verified(CudaContext& context, Direction direction, const Algorithm& choice);

    /// Runs the algorithm once on \p scratch: an offer of cuDNN is no promise that it runs. \return why it does not;
    /// empty when it does. Waits for the device; throws Error(failed) where that is lost.
    std::string failure_of(CudaContext& context, Direction direction, const Algorithm& algorithm,
                           const ConvolutionPlaces& scratch);

    /// Queues the convolution, or the derivative. The working memory is that of the context.
    void run(CudaContext& context, Direction direction, const Algorithm& algorithm, const ConvolutionPlaces& places);
    /// Adds \p bias [1, co, 1, 1] to y.
    void add_bias(CudaContext& context, const void* bias, void* y);
    /// dbias = sum of dy over images and pixels.
    void bias_gradient(CudaContext& context, const void* dy, void* dbias);

    /// Directions, sizes and options as text: the name of a choice.
    std::string key(Direction direction) const;

  private:
    ConvolutionDescriptors descriptors() const noexcept;
    void set_math(int math);
    /// With which algorithms are looked for.
    int widest_math() const noexcept;
    /// Those of \p all that the options allow, in the same order.
    std::vector<Algorithm> usable(CudaContext& context, Direction direction, std::span<const AlgorithmOffer> all);
    cudnnStatus_t queue(CudaContext& context, Direction direction, const Algorithm& algorithm,
                        const ConvolutionPlaces& places);
    /// The most working memory that an algorithm would take, of those that may be used.
    std::size_t most_workspace(CudaContext& context, Direction direction);

    ConvolutionShapes shapes_;
    Tf32 tf32_;
    TensorDescriptor x_, y_, bias_;
    FilterDescriptor weight_;
    ConvolutionDescriptor convolution_;
    int math_{-1};  ///< that of the descriptor; at first none
};

}  // namespace atnas::backend::cuda
