// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What is behind cuDNN's handles and descriptors, and how each call begins and ends.

#include <cudnn.h>

#include <cstddef>
#include <mutex>
#include <optional>

#include "device.hpp"
#include "handle_table.hpp"

namespace cuda_sim::dnn {

struct Handle {
    int device;
    cudaStream_t stream{nullptr};
};

/// NCHW, float, dense. Zero sizes: created, not set.
struct Tensor {
    int n{0}, c{0}, h{0}, w{0};
    std::size_t count() const noexcept {
        return static_cast<std::size_t>(n) * static_cast<std::size_t>(c) * static_cast<std::size_t>(h) *
               static_cast<std::size_t>(w);
    }
    std::size_t bytes() const noexcept { return count() * sizeof(float); }
    std::size_t plane() const noexcept { return static_cast<std::size_t>(h) * static_cast<std::size_t>(w); }
    bool operator==(const Tensor&) const = default;
};
/// n: output channels; c: input channels of one group.
struct Filter : Tensor {};
struct Convolution {
    int pad_h{0}, pad_w{0}, stride_h{0}, stride_w{0}, dilation_h{0}, dilation_w{0};
    int groups{1};
    cudnnMathType_t math{CUDNN_DEFAULT_MATH};
};
struct Pooling {
    cudnnPoolingMode_t mode{};
    int window_h{0}, window_w{0}, pad_h{0}, pad_w{0}, stride_h{0}, stride_w{0};
    cudnnNanPropagation_t nan{};
};

HandleTable<cudnnHandle_t, Handle>& handles();
HandleTable<cudnnTensorDescriptor_t, Tensor>& tensors();
HandleTable<cudnnFilterDescriptor_t, Filter>& filters();
HandleTable<cudnnConvolutionDescriptor_t, Convolution>& convolutions();
HandleTable<cudnnPoolingDescriptor_t, Pooling>& poolings();

/// One call of cuDNN: holds the library's lock. If refused(), return status().
class Call {
  public:
    explicit Call(const char* name);
    bool refused() const noexcept { return status_ != CUDNN_STATUS_SUCCESS; }
    cudnnStatus_t status() const noexcept { return status_; }
    /// For errors that cuDNN documents: the reason is what cudnnGetLastErrorString says.
    cudnnStatus_t fail(cudnnStatus_t status, const char* reason);
    const char* name() const noexcept { return name_; }

    cudaStream_t stream(cudnnHandle_t handle) const { return handles().get(handle, name_)->stream; }
    /// Violation if the descriptor is not alive or was never set.
    Tensor tensor(cudnnTensorDescriptor_t descriptor) const;
    Filter filter(cudnnFilterDescriptor_t descriptor) const;
    Convolution convolution(cudnnConvolutionDescriptor_t descriptor) const;
    Pooling pooling(cudnnPoolingDescriptor_t descriptor) const;
    /// Device memory for a whole tensor.
    const float* input(const void* data, const Tensor& tensor, const char* argument) const;
    float* output(void* data, const Tensor& tensor, const char* argument) const;
    /// alpha and beta lie in host memory.
    float factor(const void* pointer, const char* argument) const;

  private:
    std::unique_lock<std::recursive_mutex> lock_;
    const char* name_;
    cudnnStatus_t status_{CUDNN_STATUS_SUCCESS};
};

/// result = alpha * value + beta * result, not looking at the result for beta = 0.
inline void blend(float& result, float alpha, float value, float beta) {
    result = beta == 0.0f ? alpha * value : alpha * value + beta * result;
}

}  // namespace cuda_sim::dnn
