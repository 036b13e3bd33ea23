// SPDX-License-Identifier: Apache-2.0
/// \file
/// Handles, versions and errors of cuDNN.

#include <cstdio>
#include <cstring>
#include <string>

#include "cudnn_state.hpp"

namespace cuda_sim::dnn {
namespace {

std::recursive_mutex& library_lock() {
    static auto* lock = new std::recursive_mutex;
    return *lock;
}

thread_local std::string last_error;

[[noreturn]] void not_set(const char* call, const char* kind) {
    violation(std::string(call) + ": a " + kind + " descriptor that was never set");
}

}  // namespace

HandleTable<cudnnHandle_t, Handle>& handles() {
    static auto* table = new HandleTable<cudnnHandle_t, Handle>("cuDNN handle", 0x6001);
    return *table;
}
HandleTable<cudnnTensorDescriptor_t, Tensor>& tensors() {
    static auto* table = new HandleTable<cudnnTensorDescriptor_t, Tensor>("tensor descriptor", 0x6002);
    return *table;
}
HandleTable<cudnnFilterDescriptor_t, Filter>& filters() {
    static auto* table = new HandleTable<cudnnFilterDescriptor_t, Filter>("filter descriptor", 0x6003);
    return *table;
}
HandleTable<cudnnConvolutionDescriptor_t, Convolution>& convolutions() {
    static auto* table = new HandleTable<cudnnConvolutionDescriptor_t, Convolution>("convolution descriptor", 0x6004);
    return *table;
}
HandleTable<cudnnPoolingDescriptor_t, Pooling>& poolings() {
    static auto* table = new HandleTable<cudnnPoolingDescriptor_t, Pooling>("pooling descriptor", 0x6005);
    return *table;
}

Call::Call(const char* name) : lock_(library_lock()), name_(name) {
    log_call(name);
    int error = CUDNN_STATUS_SUCCESS;
    if (injected(name, error)) fail(static_cast<cudnnStatus_t>(error), "injected");
    // Descriptors live on the host: they can be made and destroyed without a device.
    const bool needs_device = std::strstr(name, "Descriptor") == nullptr && std::strcmp(name, "cudnnDestroy") != 0;
    if (!refused() && needs_device && device_error() != cudaSuccess) {
        fail(CUDNN_STATUS_EXECUTION_FAILED_CUDART, cudaGetErrorString(device_error()));
    }
}

cudnnStatus_t Call::fail(cudnnStatus_t status, const char* reason) {
    status_ = status;
    last_error = std::string(name_) + ": " + reason;
    return status;
}

Tensor Call::tensor(cudnnTensorDescriptor_t descriptor) const {
    const auto found = *tensors().get(descriptor, name_);
    if (found.n == 0) not_set(name_, "tensor");
    return found;
}

Filter Call::filter(cudnnFilterDescriptor_t descriptor) const {
    const auto found = *filters().get(descriptor, name_);
    if (found.n == 0) not_set(name_, "filter");
    return found;
}

Convolution Call::convolution(cudnnConvolutionDescriptor_t descriptor) const {
    const auto found = *convolutions().get(descriptor, name_);
    if (found.stride_h == 0) not_set(name_, "convolution");
    return found;
}

Pooling Call::pooling(cudnnPoolingDescriptor_t descriptor) const {
    const auto found = *poolings().get(descriptor, name_);
    if (found.window_h == 0) not_set(name_, "pooling");
    return found;
}

const float* Call::input(const void* data, const Tensor& tensor, const char* argument) const {
    expect_device(data, tensor.bytes(), name_, argument);
    return static_cast<const float*>(data);
}

float* Call::output(void* data, const Tensor& tensor, const char* argument) const {
    expect_device(data, tensor.bytes(), name_, argument);
    return static_cast<float*>(data);
}

float Call::factor(const void* pointer, const char* argument) const {
    if (pointer == nullptr) violation(std::string(name_) + ": " + argument + " is a null pointer");
    return *static_cast<const float*>(pointer);
}

}  // namespace cuda_sim::dnn

using namespace cuda_sim;
using cuda_sim::dnn::Call;

extern "C" {

cudnnStatus_t cudnnCreate(cudnnHandle_t* handle) {
    Call call("cudnnCreate");
    // Without a driver or a device there is nothing to initialise.
    if (device_error() == cudaErrorNoDevice || device_error() == cudaErrorInsufficientDriver) {
        return call.fail(CUDNN_STATUS_NOT_INITIALIZED, cudaGetErrorString(device_error()));
    }
    if (call.refused()) return call.status();
    if (handle == nullptr) return call.fail(CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "handle is null");
    int device = 0;
    cudaGetDevice(&device);
    *handle = dnn::handles().add(std::make_shared<dnn::Handle>(dnn::Handle{device}));
    count_resource("cuDNN handle", 1);
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnDestroy(cudnnHandle_t handle) {
    Call call("cudnnDestroy");
    if (call.refused()) return call.status();
    dnn::handles().remove(handle, call.name());
    count_resource("cuDNN handle", -1);
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetStream(cudnnHandle_t handle, cudaStream_t stream) {
    Call call("cudnnSetStream");
    if (call.refused()) return call.status();
    const auto target = dnn::handles().get(handle, call.name());
    if (device_of(stream) != target->device) {
        return call.fail(CUDNN_STATUS_BAD_PARAM_STREAM_MISMATCH, "the stream belongs to another device");
    }
    target->stream = stream;
    return CUDNN_STATUS_SUCCESS;
}

std::size_t cudnnGetVersion() {
    log_call("cudnnGetVersion");
    return CUDNN_VERSION;
}

const char* cudnnGetErrorString(cudnnStatus_t status) {
    switch (CUDNN_STATUS_CATEGORY(status)) {
        case 0:
            return "CUDNN_STATUS_SUCCESS";
        case 1000:
            return "CUDNN_STATUS_NOT_INITIALIZED";
        case CUDNN_STATUS_BAD_PARAM:
            return "CUDNN_STATUS_BAD_PARAM";
        case CUDNN_STATUS_NOT_SUPPORTED:
            return "CUDNN_STATUS_NOT_SUPPORTED";
        case CUDNN_STATUS_INTERNAL_ERROR:
            return "CUDNN_STATUS_INTERNAL_ERROR";
        case CUDNN_STATUS_EXECUTION_FAILED:
            return "CUDNN_STATUS_EXECUTION_FAILED";
        default:
            return "CUDNN_UNKNOWN_STATUS";
    }
}

void cudnnGetLastErrorString(char* message, std::size_t size) {
    if (message != nullptr && size > 0) std::snprintf(message, size, "%s", dnn::last_error.c_str());
    dnn::last_error.clear();
}

}  // extern "C"
