// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the operations ask of tensors: their memory as floats, their descriptions for cuDNN. Dense NCHW everywhere.

#include <limits>

#include "atnas/backend/op.hpp"
#include "atnas/core/contract.hpp"
#include "handles.hpp"

namespace atnas::backend::cuda {

/// Memory of a tensor; null where it is not wanted.
inline float* floats(const Tensor& tensor) noexcept {
    return static_cast<float*>(tensor.data);
}

inline std::size_t bytes_of(const Tensor& tensor) noexcept {
    return tensor.shape.count() * sizeof(float);
}

/// Kernels that take places apart count in 31 bits, which is faster.
inline unsigned count_31_bits(const Shape& shape) noexcept {
    ATNAS_EXPECT(shape.count() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
    return static_cast<unsigned>(shape.count());
}

inline TensorDescriptor describe(const Shape& shape) {
    auto descriptor = make<TensorDescriptor>(cudnnCreateTensorDescriptor, "cudnnCreateTensorDescriptor");
    check(cudnnSetTensor4dDescriptor(descriptor.get(), CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, shape.n, shape.c, shape.h,
                                     shape.w),
          "cudnnSetTensor4dDescriptor");
    return descriptor;
}

/// Factors of a result and of what was in its place, as cuDNN and cuBLAS take them: results overwrite.
inline constexpr float one = 1.0f;
inline constexpr float zero = 0.0f;

/// Copies within the device.
inline void copy_on_device(cudaStream_t stream, const Tensor& from, const Tensor& to) {
    check(cudaMemcpyAsync(to.data, from.data, bytes_of(from), cudaMemcpyDeviceToDevice, stream),
          "cudaMemcpyAsync on the device");
}

}  // namespace atnas::backend::cuda
