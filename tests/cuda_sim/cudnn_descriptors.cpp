// SPDX-License-Identifier: Apache-2.0
/// \file
/// Descriptors of tensors, filters, convolutions and pooling.

#include <string>

#include "cudnn_state.hpp"

using namespace cuda_sim;
using cuda_sim::dnn::Call;

namespace {

/// Creating and destroying is the same for all kinds.
template <class Object, class Descriptor>
cudnnStatus_t create(const char* name, HandleTable<Descriptor, Object>& table, Descriptor* descriptor,
                     const char* kind) {
    Call call(name);
    if (call.refused()) return call.status();
    if (descriptor == nullptr) return call.fail(CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "the descriptor is null");
    *descriptor = table.add(std::make_shared<Object>());
    count_resource(kind, 1);
    return CUDNN_STATUS_SUCCESS;
}

template <class Object, class Descriptor>
cudnnStatus_t destroy(const char* name, HandleTable<Descriptor, Object>& table, Descriptor descriptor,
                      const char* kind) {
    Call call(name);
    if (call.refused()) return call.status();
    table.remove(descriptor, name);
    count_resource(kind, -1);
    return CUDNN_STATUS_SUCCESS;
}

void expect_nchw_float(const char* call, cudnnTensorFormat_t format, cudnnDataType_t type) {
    if (format != CUDNN_TENSOR_NCHW || type != CUDNN_DATA_FLOAT) {
        violation(std::string(call) + ": only float tensors in NCHW are simulated");
    }
}

template <class... Size>
bool positive(Size... sizes) {
    return ((sizes > 0) && ...);
}

}  // namespace

extern "C" {

cudnnStatus_t cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t* descriptor) {
    return create("cudnnCreateTensorDescriptor", dnn::tensors(), descriptor, "tensor descriptor");
}
cudnnStatus_t cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t descriptor) {
    return destroy("cudnnDestroyTensorDescriptor", dnn::tensors(), descriptor, "tensor descriptor");
}
cudnnStatus_t cudnnCreateFilterDescriptor(cudnnFilterDescriptor_t* descriptor) {
    return create("cudnnCreateFilterDescriptor", dnn::filters(), descriptor, "filter descriptor");
}
cudnnStatus_t cudnnDestroyFilterDescriptor(cudnnFilterDescriptor_t descriptor) {
    return destroy("cudnnDestroyFilterDescriptor", dnn::filters(), descriptor, "filter descriptor");
}
cudnnStatus_t cudnnCreateConvolutionDescriptor(cudnnConvolutionDescriptor_t* descriptor) {
    return create("cudnnCreateConvolutionDescriptor", dnn::convolutions(), descriptor, "convolution descriptor");
}
cudnnStatus_t cudnnDestroyConvolutionDescriptor(cudnnConvolutionDescriptor_t descriptor) {
    return destroy("cudnnDestroyConvolutionDescriptor", dnn::convolutions(), descriptor, "convolution descriptor");
}
cudnnStatus_t cudnnCreatePoolingDescriptor(cudnnPoolingDescriptor_t* descriptor) {
    return create("cudnnCreatePoolingDescriptor", dnn::poolings(), descriptor, "pooling descriptor");
}
cudnnStatus_t cudnnDestroyPoolingDescriptor(cudnnPoolingDescriptor_t descriptor) {
    return destroy("cudnnDestroyPoolingDescriptor", dnn::poolings(), descriptor, "pooling descriptor");
}

cudnnStatus_t cudnnSetTensor4dDescriptor(cudnnTensorDescriptor_t descriptor, cudnnTensorFormat_t format,
                                         cudnnDataType_t type, int n, int c, int h, int w) {
    Call call("cudnnSetTensor4dDescriptor");
    if (call.refused()) return call.status();
    const auto target = dnn::tensors().get(descriptor, call.name());
    if (!positive(n, c, h, w)) return call.fail(CUDNN_STATUS_BAD_PARAM, "a size is not positive");
    expect_nchw_float(call.name(), format, type);
    *target = {n, c, h, w};
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetFilter4dDescriptor(cudnnFilterDescriptor_t descriptor, cudnnDataType_t type,
                                         cudnnTensorFormat_t format, int k, int c, int h, int w) {
    Call call("cudnnSetFilter4dDescriptor");
    if (call.refused()) return call.status();
    const auto target = dnn::filters().get(descriptor, call.name());
    if (!positive(k, c, h, w)) return call.fail(CUDNN_STATUS_BAD_PARAM, "a size is not positive");
    expect_nchw_float(call.name(), format, type);
    *target = {{k, c, h, w}};
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetConvolution2dDescriptor(cudnnConvolutionDescriptor_t descriptor, int pad_h, int pad_w,
                                              int stride_h, int stride_w, int dilation_h, int dilation_w,
                                              cudnnConvolutionMode_t mode, cudnnDataType_t type) {
    Call call("cudnnSetConvolution2dDescriptor");
    if (call.refused()) return call.status();
    const auto target = dnn::convolutions().get(descriptor, call.name());
    if (pad_h < 0 || pad_w < 0 || !positive(stride_h, stride_w, dilation_h, dilation_w)) {
        return call.fail(CUDNN_STATUS_BAD_PARAM, "negative padding, or a stride or dilation that is not positive");
    }
    if (mode != CUDNN_CROSS_CORRELATION)
        violation("cudnnSetConvolution2dDescriptor: flipped filters are not simulated");
    if (type != CUDNN_DATA_FLOAT) violation("cudnnSetConvolution2dDescriptor: only float is simulated");
    // Group count and math type keep what they were set to.
    *target = {pad_h, pad_w, stride_h, stride_w, dilation_h, dilation_w, target->groups, target->math};
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetConvolutionGroupCount(cudnnConvolutionDescriptor_t descriptor, int groups) {
    Call call("cudnnSetConvolutionGroupCount");
    if (call.refused()) return call.status();
    const auto target = dnn::convolutions().get(descriptor, call.name());
    if (groups < 1) return call.fail(CUDNN_STATUS_BAD_PARAM, "the group count is not positive");
    target->groups = groups;
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetConvolutionMathType(cudnnConvolutionDescriptor_t descriptor, cudnnMathType_t math) {
    Call call("cudnnSetConvolutionMathType");
    if (call.refused()) return call.status();
    const auto target = dnn::convolutions().get(descriptor, call.name());
    if (math < CUDNN_DEFAULT_MATH || math > CUDNN_FMA_MATH) {
        return call.fail(CUDNN_STATUS_BAD_PARAM, "no such math type");
    }
    target->math = math;
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetPooling2dDescriptor(cudnnPoolingDescriptor_t descriptor, cudnnPoolingMode_t mode,
                                          cudnnNanPropagation_t nan, int window_h, int window_w, int pad_h, int pad_w,
                                          int stride_h, int stride_w) {
    Call call("cudnnSetPooling2dDescriptor");
    if (call.refused()) return call.status();
    const auto target = dnn::poolings().get(descriptor, call.name());
    if (!positive(window_h, window_w, stride_h, stride_w) || pad_h < 0 || pad_w < 0) {
        return call.fail(CUDNN_STATUS_BAD_PARAM, "a window or stride that is not positive, or negative padding");
    }
    if (pad_h >= window_h || pad_w >= window_w) {
        return call.fail(CUDNN_STATUS_BAD_PARAM, "padding is not smaller than the window");
    }
    if (nan != CUDNN_PROPAGATE_NAN && nan != CUDNN_NOT_PROPAGATE_NAN) {
        return call.fail(CUDNN_STATUS_BAD_PARAM, "no such treatment of NaN");
    }
    *target = {mode, window_h, window_w, pad_h, pad_w, stride_h, stride_w, nan};
    return CUDNN_STATUS_SUCCESS;
}

}  // extern "C"
