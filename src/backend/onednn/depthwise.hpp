// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Depthwise convolutions that oneDNN 2.6 has only reference loops for, two orders of magnitude slower than its other
/// kernels: the gradients of dilated ones, and everything where the last channel block is not full. In the blocked
/// layout they are short loops over whole vectors.

#include <cstddef>
#include <vector>

#include "primitive.hpp"

namespace atnas::backend::onednn {

class Depthwise {
  public:
    /// Whether oneDNN lacks fast kernels for the forward pass of this convolution, or for its gradients.
    static bool lacks_forward(const OnednnKit& kit, const ConvolutionSpec& spec, const ConvolutionTensors& t) noexcept;
    static bool lacks_backward(const OnednnKit& kit, const ConvolutionSpec& spec, const ConvolutionTensors& t) noexcept;

    Depthwise(const OnednnKit& kit, const ConvolutionSpec& spec, const ConvolutionTensors& tensors);
    void forward();
    /// Writes dx and dweight where they are wanted.
    void backward();

  private:
    /// A kernel position that joins an input row (or column) with an output row (or column).
    struct Tap {
        int position;
        int output;
    };
    /// The taps of every input along one axis.
    static std::vector<std::vector<Tap>> taps(int in, int out, int kernel, int stride, int pad, int dilation);

    /// Plain [channel][position] -> [channel block][position][channel in block].
    std::size_t place(std::size_t channel, std::size_t position) const noexcept;
    void load_weights();
    template <int block>
    void forward_blocked();
    template <int block>
    void backward_blocked();
    template <int block>
    void input_gradient(const float* weight, const float* dy, float* dx) const;
    template <int block>
    void weight_gradient(const float* x, const float* dy, float* sums) const;

    ConvolutionSpec spec_;
    ConvolutionTensors tensors_;
    int block_;
    std::size_t positions_;  ///< of the kernel
    std::vector<std::vector<Tap>> rows_, columns_;
    std::vector<float> weights_, sums_;  ///< [channel block][kernel position][block]
};

}  // namespace atnas::backend::onednn
