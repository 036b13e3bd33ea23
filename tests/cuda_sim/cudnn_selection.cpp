// SPDX-License-Identifier: Apache-2.0
/// \file
/// cudnnGetConvolution*Algorithm_v7, cudnnFindConvolution*AlgorithmEx, cudnnGetConvolution*WorkspaceSize.

#include <algorithm>
#include <cstring>

#include "cudnn_geometry.hpp"

using namespace cuda_sim;
using cuda_sim::dnn::Call;
using cuda_sim::dnn::Candidate;
using cuda_sim::dnn::Direction;
using cuda_sim::dnn::Geometry;

namespace {

/// The descriptors of a call, in the terms of the forward convolution whatever the direction.
struct Descriptors {
    cudnnTensorDescriptor_t x;
    cudnnFilterDescriptor_t w;
    cudnnConvolutionDescriptor_t conv;
    cudnnTensorDescriptor_t y;
    std::optional<Geometry> geometry(const Call& call) const {
        return dnn::make_geometry(call.tensor(x), call.filter(w), call.convolution(conv), call.tensor(y));
    }
};

/// The list as the caller's type of entries has it.
template <class Entry>
cudnnStatus_t report(Call& call, const std::vector<Candidate>& list, int wanted, int* returned, Entry* entries) {
    if (wanted < 1 || returned == nullptr || entries == nullptr) {
        return call.fail(CUDNN_STATUS_BAD_PARAM, "no room for any algorithm");
    }
    *returned = 0;
    for (const auto& candidate : list) {
        if (*returned == wanted) break;
        Entry entry{};
        entry.algo = static_cast<decltype(entry.algo)>(candidate.algorithm);
        entry.status = candidate.status;
        entry.time = candidate.milliseconds;
        entry.memory = candidate.workspace;
        entry.determinism = candidate.determinism;
        entry.mathType = candidate.math;
        entries[(*returned)++] = entry;
    }
    return CUDNN_STATUS_SUCCESS;
}

template <class Entry>
cudnnStatus_t guess(const char* name, cudnnHandle_t handle, Direction direction, const Descriptors& descriptors,
                    int wanted, int* returned, Entry* entries) {
    Call call(name);
    if (call.refused()) return call.status();
    dnn::handles().get(handle, name);
    const auto geometry = descriptors.geometry(call);
    if (!geometry) return call.fail(CUDNN_STATUS_BAD_PARAM, "the shapes do not fit together");
    auto list = dnn::list_algorithms(direction, *geometry);
    // Nothing was measured.
    for (auto& candidate : list) candidate.milliseconds = -1.0f;
    return report(call, list, wanted, returned, entries);
}

/// Data of a search: two inputs, and an output that it overwrites with anything.
struct SearchData {
    const void* x;
    const void* w;
    const void* y;
    void* result;
    void* workspace;
    std::size_t workspace_bytes;
};

template <class Entry>
cudnnStatus_t measure(const char* name, cudnnHandle_t handle, Direction direction, const Descriptors& descriptors,
                      const SearchData& data, int wanted, int* returned, Entry* entries) {
    Call call(name);
    if (call.refused()) return call.status();
    const auto stream = call.stream(handle);
    const auto geometry = descriptors.geometry(call);
    if (!geometry) return call.fail(CUDNN_STATUS_BAD_PARAM, "the shapes do not fit together");
    call.input(data.x, geometry->x, "x");
    call.input(data.w, geometry->w, "w");
    call.input(data.y, geometry->y, "y");
    if (data.workspace_bytes > 0) expect_device(data.workspace, data.workspace_bytes, name, "workSpace");
    auto list = dnn::list_algorithms(direction, *geometry);
    std::size_t used = 0;
    for (auto& candidate : list) {
        if (candidate.status != CUDNN_STATUS_SUCCESS) continue;
        if (candidate.workspace > data.workspace_bytes) {
            candidate.status = CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED;
            candidate.milliseconds = -1.0f;
        } else {
            used = std::max(used, candidate.workspace);
        }
    }
    std::stable_partition(list.begin(), list.end(),
                          [](const Candidate& candidate) { return candidate.status == CUDNN_STATUS_SUCCESS; });
    const std::size_t result_bytes = data.result == data.x   ? geometry->x.bytes()
                                     : data.result == data.w ? geometry->w.bytes()
                                                             : geometry->y.bytes();
    // Searches need data of the right size, whatever is in it.
    const auto use = [&](const void* tensor) { return tensor == data.result ? Use::write : Use::kept; };
    enqueue(stream, name,
            [=] {
                std::memset(data.result, 0xff, result_bytes);
                if (used > 0) std::memset(data.workspace, 0xff, used);
            },
            {{data.x, geometry->x.bytes(), use(data.x)},
             {data.w, geometry->w.bytes(), use(data.w)},
             {data.y, geometry->y.bytes(), use(data.y)},
             {data.workspace, used, Use::write}});
    // Documented as blocking.
    drain(stream);
    return report(call, list, wanted, returned, entries);
}

cudnnStatus_t workspace_size(const char* name, cudnnHandle_t handle, Direction direction,
                             const Descriptors& descriptors, int algorithm, std::size_t* bytes) {
    Call call(name);
    if (call.refused()) return call.status();
    dnn::handles().get(handle, name);
    const auto geometry = descriptors.geometry(call);
    if (bytes == nullptr || !geometry) return call.fail(CUDNN_STATUS_BAD_PARAM, "the shapes do not fit together");
    const auto choice = dnn::look_up(direction, *geometry, algorithm);
    if (choice.status != CUDNN_STATUS_SUCCESS) return call.fail(choice.status, "not an algorithm for this shape");
    *bytes = choice.workspace;
    return CUDNN_STATUS_SUCCESS;
}

}  // namespace

extern "C" {

cudnnStatus_t cudnnGetConvolutionForwardAlgorithm_v7(cudnnHandle_t handle, const cudnnTensorDescriptor_t x,
                                                     const cudnnFilterDescriptor_t w,
                                                     const cudnnConvolutionDescriptor_t conv,
                                                     const cudnnTensorDescriptor_t y, const int wanted, int* returned,
                                                     cudnnConvolutionFwdAlgoPerf_t* entries) {
    return guess("cudnnGetConvolutionForwardAlgorithm_v7", handle, Direction::forward, {x, w, conv, y}, wanted,
                 returned, entries);
}

cudnnStatus_t cudnnGetConvolutionBackwardDataAlgorithm_v7(cudnnHandle_t handle, const cudnnFilterDescriptor_t w,
                                                          const cudnnTensorDescriptor_t dy,
                                                          const cudnnConvolutionDescriptor_t conv,
                                                          const cudnnTensorDescriptor_t dx, const int wanted,
                                                          int* returned, cudnnConvolutionBwdDataAlgoPerf_t* entries) {
    return guess("cudnnGetConvolutionBackwardDataAlgorithm_v7", handle, Direction::backward_data, {dx, w, conv, dy},
                 wanted, returned, entries);
}

cudnnStatus_t cudnnGetConvolutionBackwardFilterAlgorithm_v7(cudnnHandle_t handle, const cudnnTensorDescriptor_t x,
                                                            const cudnnTensorDescriptor_t dy,
                                                            const cudnnConvolutionDescriptor_t conv,
                                                            const cudnnFilterDescriptor_t dw, const int wanted,
                                                            int* returned,
                                                            cudnnConvolutionBwdFilterAlgoPerf_t* entries) {
    return guess("cudnnGetConvolutionBackwardFilterAlgorithm_v7", handle, Direction::backward_filter, {x, dw, conv, dy},
                 wanted, returned, entries);
}

cudnnStatus_t cudnnFindConvolutionForwardAlgorithmEx(cudnnHandle_t handle, const cudnnTensorDescriptor_t x_descriptor,
                                                     const void* x, const cudnnFilterDescriptor_t w_descriptor,
                                                     const void* w, const cudnnConvolutionDescriptor_t conv,
                                                     const cudnnTensorDescriptor_t y_descriptor, void* y,
                                                     const int wanted, int* returned,
                                                     cudnnConvolutionFwdAlgoPerf_t* entries, void* workspace,
                                                     std::size_t bytes) {
    return measure("cudnnFindConvolutionForwardAlgorithmEx", handle, Direction::forward,
                   {x_descriptor, w_descriptor, conv, y_descriptor}, {x, w, y, y, workspace, bytes}, wanted, returned,
                   entries);
}

cudnnStatus_t cudnnFindConvolutionBackwardDataAlgorithmEx(
    cudnnHandle_t handle, const cudnnFilterDescriptor_t w_descriptor, const void* w,
    const cudnnTensorDescriptor_t dy_descriptor, const void* dy, const cudnnConvolutionDescriptor_t conv,
    const cudnnTensorDescriptor_t dx_descriptor, void* dx, const int wanted, int* returned,
    cudnnConvolutionBwdDataAlgoPerf_t* entries, void* workspace, std::size_t bytes) {
    return measure("cudnnFindConvolutionBackwardDataAlgorithmEx", handle, Direction::backward_data,
                   {dx_descriptor, w_descriptor, conv, dy_descriptor}, {dx, w, dy, dx, workspace, bytes}, wanted,
                   returned, entries);
}

cudnnStatus_t cudnnFindConvolutionBackwardFilterAlgorithmEx(
    cudnnHandle_t handle, const cudnnTensorDescriptor_t x_descriptor, const void* x,
    const cudnnTensorDescriptor_t dy_descriptor, const void* dy, const cudnnConvolutionDescriptor_t conv,
    const cudnnFilterDescriptor_t dw_descriptor, void* dw, const int wanted, int* returned,
    cudnnConvolutionBwdFilterAlgoPerf_t* entries, void* workspace, std::size_t bytes) {
    return measure("cudnnFindConvolutionBackwardFilterAlgorithmEx", handle, Direction::backward_filter,
                   {x_descriptor, dw_descriptor, conv, dy_descriptor}, {x, dw, dy, dw, workspace, bytes}, wanted,
                   returned, entries);
}

cudnnStatus_t cudnnGetConvolutionForwardWorkspaceSize(cudnnHandle_t handle, const cudnnTensorDescriptor_t x,
                                                      const cudnnFilterDescriptor_t w,
                                                      const cudnnConvolutionDescriptor_t conv,
                                                      const cudnnTensorDescriptor_t y,
                                                      cudnnConvolutionFwdAlgo_t algorithm, std::size_t* bytes) {
    return workspace_size("cudnnGetConvolutionForwardWorkspaceSize", handle, Direction::forward, {x, w, conv, y},
                          algorithm, bytes);
}

cudnnStatus_t cudnnGetConvolutionBackwardDataWorkspaceSize(cudnnHandle_t handle, const cudnnFilterDescriptor_t w,
                                                           const cudnnTensorDescriptor_t dy,
                                                           const cudnnConvolutionDescriptor_t conv,
                                                           const cudnnTensorDescriptor_t dx,
                                                           cudnnConvolutionBwdDataAlgo_t algorithm,
                                                           std::size_t* bytes) {
    return workspace_size("cudnnGetConvolutionBackwardDataWorkspaceSize", handle, Direction::backward_data,
                          {dx, w, conv, dy}, algorithm, bytes);
}

cudnnStatus_t cudnnGetConvolutionBackwardFilterWorkspaceSize(cudnnHandle_t handle, const cudnnTensorDescriptor_t x,
                                                             const cudnnTensorDescriptor_t dy,
                                                             const cudnnConvolutionDescriptor_t conv,
                                                             const cudnnFilterDescriptor_t dw,
                                                             cudnnConvolutionBwdFilterAlgo_t algorithm,
                                                             std::size_t* bytes) {
    return workspace_size("cudnnGetConvolutionBackwardFilterWorkspaceSize", handle, Direction::backward_filter,
                          {x, dw, conv, dy}, algorithm, bytes);
}

}  // extern "C"
