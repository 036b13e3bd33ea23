#pragma once
/// \file
/// Gradients of dilated depthwise convolutions. oneDNN (2.6 and 3.x) has only its reference loops for these, two orders
/// of magnitude slower than its other kernels; in the blocked layout they are short loops over whole vectors.

#include <cstddef>
#include <vector>

#include "primitive.hpp"

namespace atnas::backend::onednn {

class DepthwiseGradient {
  public:
    /// Whether oneDNN lacks a fast kernel for this convolution.
    static bool applies(const ConvolutionSpec& spec, const ConvolutionTensors& tensors) noexcept;

    DepthwiseGradient(const OnednnKit& kit, const ConvolutionSpec& spec, const ConvolutionTensors& tensors);
    /// Writes dx and dweight where they are wanted.
    void run();

  private:
    template <int block>
    void run_blocked();
    template <int block>
    void input_gradient(std::size_t pixels, const float* weight, const float* dy, float* dx) const;
    template <int block>
    void weight_gradient(const float* x, const float* dy, float* sums) const;

    ConvolutionSpec spec_;
    ConvolutionTensors tensors_;
    int block_;
    std::vector<float> weights_, sums_;  ///< [channel block][kernel position][block]
};

}  // namespace atnas::backend::onednn
