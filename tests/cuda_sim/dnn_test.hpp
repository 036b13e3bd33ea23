// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Owners of cuDNN's handles and descriptors for the tests.

#include <cudnn.h>

#include "atnas/backend/op.hpp"
#include "sim_test.hpp"

namespace cuda_sim::test {

inline void check(cudnnStatus_t status) {
    ASSERT_EQ(status, CUDNN_STATUS_SUCCESS) << cudnnGetErrorString(status);
}

/// A handle with a stream of its own.
class Dnn {
  public:
    Dnn() {
        check(cudnnCreate(&handle_));
        check(cudnnSetStream(handle_, stream.get()));
    }
    ~Dnn() { check(cudnnDestroy(handle_)); }
    Dnn(const Dnn&) = delete;
    Dnn& operator=(const Dnn&) = delete;
    cudnnHandle_t get() const noexcept { return handle_; }

    const Stream stream{};

  private:
    cudnnHandle_t handle_{};
};

template <class Descriptor, auto Create, auto Destroy>
class Owner {
  public:
    Owner() { check(Create(&descriptor_)); }
    ~Owner() { check(Destroy(descriptor_)); }
    Owner(const Owner&) = delete;
    Owner& operator=(const Owner&) = delete;
    Descriptor get() const noexcept { return descriptor_; }

  private:
    Descriptor descriptor_{};
};

class TensorOwner : public Owner<cudnnTensorDescriptor_t, cudnnCreateTensorDescriptor, cudnnDestroyTensorDescriptor> {
  public:
    explicit TensorOwner(const atnas::backend::Shape& s) {
        check(cudnnSetTensor4dDescriptor(get(), CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, s.n, s.c, s.h, s.w));
    }
};

class FilterOwner : public Owner<cudnnFilterDescriptor_t, cudnnCreateFilterDescriptor, cudnnDestroyFilterDescriptor> {
  public:
    explicit FilterOwner(const atnas::backend::Shape& s) {
        check(cudnnSetFilter4dDescriptor(get(), CUDNN_DATA_FLOAT, CUDNN_TENSOR_NCHW, s.n, s.c, s.h, s.w));
    }
};

class ConvolutionOwner
    : public Owner<cudnnConvolutionDescriptor_t, cudnnCreateConvolutionDescriptor, cudnnDestroyConvolutionDescriptor> {
  public:
    explicit ConvolutionOwner(const atnas::backend::ConvolutionSpec& s, cudnnMathType_t math = CUDNN_FMA_MATH) {
        check(cudnnSetConvolution2dDescriptor(get(), s.pad.h, s.pad.w, s.stride.h, s.stride.w, s.dilation.h,
                                              s.dilation.w, CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT));
        check(cudnnSetConvolutionGroupCount(get(), s.groups));
        check(cudnnSetConvolutionMathType(get(), math));
    }
};

class PoolingOwner
    : public Owner<cudnnPoolingDescriptor_t, cudnnCreatePoolingDescriptor, cudnnDestroyPoolingDescriptor> {
  public:
    PoolingOwner(const atnas::backend::PoolSpec& s, cudnnPoolingMode_t mode) {
        check(cudnnSetPooling2dDescriptor(get(), mode, CUDNN_PROPAGATE_NAN, s.kernel.h, s.kernel.w, s.pad.h, s.pad.w,
                                          s.stride.h, s.stride.w));
    }
};

inline void expect_near(const std::vector<float>& got, const std::vector<float>& wanted, float tolerance,
                        const std::string& what) {
    ASSERT_EQ(got.size(), wanted.size()) << what;
    for (std::size_t i = 0; i < got.size(); ++i) {
        ASSERT_NEAR(got[i], wanted[i], tolerance * (1.0f + std::abs(wanted[i]))) << what << ", element " << i;
    }
}

/// alpha value + beta old.
inline std::vector<float> blended(std::vector<float> value, const std::vector<float>& old, float alpha, float beta) {
    for (std::size_t i = 0; i < value.size(); ++i) value[i] = alpha * value[i] + beta * old[i];
    return value;
}

/// A host vector as a tensor of the reference backend.
inline atnas::backend::Tensor view(std::vector<float>& values, const atnas::backend::Shape& shape) {
    return {shape, atnas::backend::Layout::plain, values.data()};
}

}  // namespace cuda_sim::test
