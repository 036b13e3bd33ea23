// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Owners of CUDA, cuDNN and cuBLAS objects: move-only, released when they go. Nothing here throws on release: after a
/// lost device every release fails too.

#include <memory>
#include <type_traits>
#include <utility>

#include "check.hpp"

namespace atnas::backend::cuda {

/// Owner of a handle that is a pointer; Release is the library's function that ends it.
template <auto Release, class Handle>
struct Releaser {
    void operator()(Handle handle) const noexcept { static_cast<void>(Release(handle)); }
};
template <class Handle, auto Release>
using Owner = std::unique_ptr<std::remove_pointer_t<Handle>, Releaser<Release, Handle>>;

using Stream = Owner<cudaStream_t, cudaStreamDestroy>;
using Event = Owner<cudaEvent_t, cudaEventDestroy>;
using DnnHandle = Owner<cudnnHandle_t, cudnnDestroy>;
using BlasHandle = Owner<cublasHandle_t, cublasDestroy>;
using TensorDescriptor = Owner<cudnnTensorDescriptor_t, cudnnDestroyTensorDescriptor>;
using FilterDescriptor = Owner<cudnnFilterDescriptor_t, cudnnDestroyFilterDescriptor>;
using ConvolutionDescriptor = Owner<cudnnConvolutionDescriptor_t, cudnnDestroyConvolutionDescriptor>;
using PoolingDescriptor = Owner<cudnnPoolingDescriptor_t, cudnnDestroyPoolingDescriptor>;

/// Memory that the device owns, and page-locked memory of the host that it copies from and to without a detour.
using DeviceMemory = Owner<void*, cudaFree>;
using PinnedMemory = Owner<void*, cudaFreeHost>;

/// Calls the library's maker: make<Stream>(cudaStreamCreateWithFlags, "cudaStreamCreateWithFlags", flags).
template <class Owned, class Create, class... Arguments>
Owned make(Create create, const char* call, Arguments... arguments) {
    typename Owned::pointer handle{};
    check(create(&handle, arguments...), call);
    return Owned(handle);
}

/// Streams do not wait for the legacy default stream, which nothing here uses.
inline Stream make_stream() {
    return make<Stream>(cudaStreamCreateWithFlags, "cudaStreamCreateWithFlags", cudaStreamNonBlocking);
}
/// For order only, without a clock.
inline Event make_event() {
    return make<Event>(cudaEventCreateWithFlags, "cudaEventCreateWithFlags", cudaEventDisableTiming);
}

/// With a clock.
inline Event make_clock_event() {
    return make<Event>(cudaEventCreateWithFlags, "cudaEventCreateWithFlags", cudaEventDefault);
}

}  // namespace atnas::backend::cuda
