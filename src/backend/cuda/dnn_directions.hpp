// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// cuDNN's functions for a convolution and its two derivatives, under common names.

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "algorithm_cache.hpp"
#include "check.hpp"
#include "convolution.hpp"
#include "tensors.hpp"

// cuDNN's headers warn of these functions only where CUDNN_WARN_DEPRECATED is defined.

namespace atnas::backend::cuda {

/// What cuDNN's calls take.
struct ConvolutionDescriptors {
    cudnnTensorDescriptor_t x;
    cudnnFilterDescriptor_t weight;
    cudnnTensorDescriptor_t y;
    cudnnConvolutionDescriptor_t convolution;
};

/// What cuDNN says of one algorithm, whatever the direction.
struct AlgorithmOffer {
    Algorithm algorithm;
    cudnnStatus_t status;
    cudnnDeterminism_t determinism;
};

/// Working memory on the device.
struct Workspace {
    void* data;
    std::size_t bytes;
};

/// To find nothing is no failure.
inline void check_search(cudnnStatus_t status, const char* call) {
    if (status != CUDNN_STATUS_NOT_SUPPORTED) check(status, call);
}

/// The functions of one direction under common names. plain: algorithms that compute the sums of products as they are
/// written and give the same bits every time, the best first.
struct Forward {
    using Number = cudnnConvolutionFwdAlgo_t;
    using Result = cudnnConvolutionFwdAlgoPerf_t;
    static constexpr std::size_t algorithms = CUDNN_CONVOLUTION_FWD_ALGO_COUNT;
    static constexpr std::array plain{CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM,
                                      CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM, CUDNN_CONVOLUTION_FWD_ALGO_GEMM};

    static void list(cudnnHandle_t handle, const ConvolutionDescriptors& d, std::span<Result> results, int& found) {
        check_search(cudnnGetConvolutionForwardAlgorithm_v7(handle, d.x, d.weight, d.convolution, d.y,
                                                            static_cast<int>(results.size()), &found, results.data()),
                     "cudnnGetConvolutionForwardAlgorithm_v7");
    }
    static void measure(cudnnHandle_t handle, const ConvolutionDescriptors& d, const ConvolutionPlaces& p, Workspace w,
                        std::span<Result> results, int& found) {
        check_search(cudnnFindConvolutionForwardAlgorithmEx(handle, d.x, p.x, d.weight, p.weight, d.convolution, d.y,
                                                            p.y, static_cast<int>(results.size()), &found,
                                                            results.data(), w.data, w.bytes),
                     "cudnnFindConvolutionForwardAlgorithmEx");
    }
    static cudnnStatus_t ask_workspace(cudnnHandle_t handle, const ConvolutionDescriptors& d, Number number,
                                       std::size_t& bytes) {
        return cudnnGetConvolutionForwardWorkspaceSize(handle, d.x, d.weight, d.convolution, d.y, number, &bytes);
    }
    static constexpr const char* call = "cudnnConvolutionForward";
    static cudnnStatus_t run(cudnnHandle_t handle, const ConvolutionDescriptors& d, Number number,
                             const ConvolutionPlaces& p, Workspace w) {
        return cudnnConvolutionForward(handle, &one, d.x, p.x, d.weight, p.weight, d.convolution, number, w.data,
                                       w.bytes, &zero, d.y, p.y);
    }
};

struct BackwardData {
    using Number = cudnnConvolutionBwdDataAlgo_t;
    using Result = cudnnConvolutionBwdDataAlgoPerf_t;
    static constexpr std::size_t algorithms = CUDNN_CONVOLUTION_BWD_DATA_ALGO_COUNT;
    static constexpr std::array plain{CUDNN_CONVOLUTION_BWD_DATA_ALGO_1};

    static void list(cudnnHandle_t handle, const ConvolutionDescriptors& d, std::span<Result> results, int& found) {
        check_search(
            cudnnGetConvolutionBackwardDataAlgorithm_v7(handle, d.weight, d.y, d.convolution, d.x,
                                                        static_cast<int>(results.size()), &found, results.data()),
            "cudnnGetConvolutionBackwardDataAlgorithm_v7");
    }
    static void measure(cudnnHandle_t handle, const ConvolutionDescriptors& d, const ConvolutionPlaces& p, Workspace w,
                        std::span<Result> results, int& found) {
        check_search(cudnnFindConvolutionBackwardDataAlgorithmEx(handle, d.weight, p.weight, d.y, p.y, d.convolution,
                                                                 d.x, p.x, static_cast<int>(results.size()), &found,
                                                                 results.data(), w.data, w.bytes),
                     "cudnnFindConvolutionBackwardDataAlgorithmEx");
    }
    static cudnnStatus_t ask_workspace(cudnnHandle_t handle, const ConvolutionDescriptors& d, Number number,
                                       std::size_t& bytes) {
        return cudnnGetConvolutionBackwardDataWorkspaceSize(handle, d.weight, d.y, d.convolution, d.x, number, &bytes);
    }
    static constexpr const char* call = "cudnnConvolutionBackwardData";
    static cudnnStatus_t run(cudnnHandle_t handle, const ConvolutionDescriptors& d, Number number,
                             const ConvolutionPlaces& p, Workspace w) {
        return cudnnConvolutionBackwardData(handle, &one, d.weight, p.weight, d.y, p.y, d.convolution, number, w.data,
                                            w.bytes, &zero, d.x, p.x);
    }
};

struct BackwardFilter {
    using Number = cudnnConvolutionBwdFilterAlgo_t;
    using Result = cudnnConvolutionBwdFilterAlgoPerf_t;
    static constexpr std::size_t algorithms = CUDNN_CONVOLUTION_BWD_FILTER_ALGO_COUNT;
    static constexpr std::array plain{CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1};

    static void list(cudnnHandle_t handle, const ConvolutionDescriptors& d, std::span<Result> results, int& found) {
        check_search(
            cudnnGetConvolutionBackwardFilterAlgorithm_v7(handle, d.x, d.y, d.convolution, d.weight,
                                                          static_cast<int>(results.size()), &found, results.data()),
            "cudnnGetConvolutionBackwardFilterAlgorithm_v7");
    }
    static void measure(cudnnHandle_t handle, const ConvolutionDescriptors& d, const ConvolutionPlaces& p, Workspace w,
                        std::span<Result> results, int& found) {
        check_search(cudnnFindConvolutionBackwardFilterAlgorithmEx(handle, d.x, p.x, d.y, p.y, d.convolution, d.weight,
                                                                   p.weight, static_cast<int>(results.size()), &found,
                                                                   results.data(), w.data, w.bytes),
                     "cudnnFindConvolutionBackwardFilterAlgorithmEx");
    }
    static cudnnStatus_t ask_workspace(cudnnHandle_t handle, const ConvolutionDescriptors& d, Number number,
                                       std::size_t& bytes) {
        return cudnnGetConvolutionBackwardFilterWorkspaceSize(handle, d.x, d.y, d.convolution, d.weight, number,
                                                              &bytes);
    }
    static constexpr const char* call = "cudnnConvolutionBackwardFilter";
    static cudnnStatus_t run(cudnnHandle_t handle, const ConvolutionDescriptors& d, Number number,
                             const ConvolutionPlaces& p, Workspace w) {
        return cudnnConvolutionBackwardFilter(handle, &one, d.x, p.x, d.y, p.y, d.convolution, number, w.data, w.bytes,
                                              &zero, d.weight, p.weight);
    }
};

/// Calls fill(room for answers, number found) and returns the answers, best first. Every algorithm may come once for
/// each kind of arithmetic.
template <class Functions, class Fill>
std::vector<AlgorithmOffer> offers(Fill fill) {
    std::array<typename Functions::Result, 2 * Functions::algorithms> results{};
    int found = 0;
    fill(std::span<typename Functions::Result>(results), found);
    std::vector<AlgorithmOffer> all;
    for (const auto& result : std::span(results).first(static_cast<std::size_t>(found)))
        all.push_back({{result.algo, result.mathType, result.memory}, result.status, result.determinism});
    return all;
}

/// visit(functions of the direction)
template <class Visit>
auto with_functions(Direction direction, Visit visit) {
    switch (direction) {
        case Direction::backward_data:
            return visit(BackwardData{});
        case Direction::backward_filter:
            return visit(BackwardFilter{});
        case Direction::forward:
            break;
    }
    return visit(Forward{});
}

}  // namespace atnas::backend::cuda
