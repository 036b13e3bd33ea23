// SPDX-License-Identifier: Apache-2.0
/// \file
/// cudnnConvolutionForward, -BackwardData, -BackwardFilter, -BackwardBias.

#include <atomic>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

#include "cudnn_geometry.hpp"
#include "tf32.hpp"

using namespace cuda_sim;
using cuda_sim::dnn::Call;
using cuda_sim::dnn::Choice;
using cuda_sim::dnn::Direction;
using cuda_sim::dnn::Geometry;

namespace {

/// One convolution call in the terms of the forward one: of x, w and y the direction's result is written.
struct Arguments {
    cudnnTensorDescriptor_t x_descriptor;
    const void* x;
    cudnnFilterDescriptor_t w_descriptor;
    const void* w;
    cudnnTensorDescriptor_t y_descriptor;
    const void* y;
    cudnnConvolutionDescriptor_t conv;
    int algorithm;
    void* workspace;
    std::size_t workspace_bytes;
    const void* alpha;
    const void* beta;
};

/// Where the direction's two inputs and its result are.
struct Roles {
    Operand first, second;
    Operand result;
};

Roles roles_of(Direction direction, const Geometry& g, const Arguments& a, float beta) {
    const Operand x{a.x, g.x.bytes(), Use::read};
    const Operand w{a.w, g.w.bytes(), Use::read};
    const Operand y{a.y, g.y.bytes(), Use::read};
    Roles roles{x, y, w};
    if (direction == Direction::forward) roles = {x, w, y};
    if (direction == Direction::backward_data) roles = {w, y, x};
    roles.result.use = use_of_result(beta);
    return roles;
}

void compute(Direction direction, const Geometry& g, float alpha, const float* first, const float* second, float beta,
             float* result) {
    switch (direction) {
        case Direction::forward:
            return dnn::convolve_forward(g, alpha, first, second, beta, result);
        case Direction::backward_data:
            return dnn::convolve_backward_data(g, alpha, first, second, beta, result);
        case Direction::backward_filter:
            return dnn::convolve_backward_filter(g, alpha, first, second, beta, result);
    }
}

/// A hash of two numbers (the finaliser of MurmurHash3).
std::uint64_t mixed(std::uint64_t one, std::uint64_t other) {
    std::uint64_t bits = one * 0x9e3779b97f4a7c15u + other;
    bits = (bits ^ bits >> 33) * 0xff51afd7ed558ccdu;
    bits = (bits ^ bits >> 33) * 0xc4ceb9fe1a85ec53u;
    return bits ^ bits >> 33;
}

/// Algorithms add in orders of their own: here the last bit of a result depends on the algorithm, and on the call where
/// the algorithm is not deterministic.
void round_differently(int algorithm, cudnnDeterminism_t determinism, float* result, std::size_t count) {
    static std::atomic<std::uint64_t> calls{0};
    const std::uint64_t way =
        mixed(static_cast<std::uint64_t>(algorithm), determinism == CUDNN_DETERMINISTIC ? 0 : ++calls);
    for (std::size_t i = 0; i < count; ++i) {
        // Sums of nothing but zeros are zero in any order.
        if (!std::isnormal(result[i])) continue;
        const auto bits = std::bit_cast<std::uint32_t>(result[i]);
        result[i] = std::bit_cast<float>(bits ^ static_cast<std::uint32_t>(mixed(way, i) & 1));
    }
}

void check_apart(const char* name, const Roles& roles, const Operand& workspace) {
    expect_apart(roles.result, roles.first, name, "the result and an input");
    expect_apart(roles.result, roles.second, name, "the result and an input");
    for (const auto& operand : {roles.first, roles.second, roles.result}) {
        expect_apart(workspace, operand, name, "workSpace and a tensor");
    }
}

cudnnStatus_t convolve(const char* name, cudnnHandle_t handle, Direction direction, const Arguments& a) {
    Call call(name);
    if (call.refused()) return call.status();
    const auto stream = call.stream(handle);
    const auto geometry = dnn::make_geometry(call.tensor(a.x_descriptor), call.filter(a.w_descriptor),
                                             call.convolution(a.conv), call.tensor(a.y_descriptor));
    if (!geometry) return call.fail(CUDNN_STATUS_BAD_PARAM, "the shapes do not fit together");
    const Choice choice = dnn::look_up(direction, *geometry, a.algorithm);
    if (choice.status != CUDNN_STATUS_SUCCESS) return call.fail(choice.status, "not an algorithm for this shape");
    if (a.workspace_bytes < choice.workspace) {
        return call.fail(CUDNN_STATUS_BAD_PARAM, "the workspace is too small");
    }
    call.input(a.x, geometry->x, "x");
    call.input(a.w, geometry->w, "w");
    call.input(a.y, geometry->y, "y");
    const Operand workspace{a.workspace, choice.workspace, Use::write};
    if (a.workspace_bytes > 0 && choice.workspace > 0) expect_device(a.workspace, a.workspace_bytes, name, "workSpace");
    const float alpha = call.factor(a.alpha, "alpha");
    const float beta = call.factor(a.beta, "beta");
    const Roles roles = roles_of(direction, *geometry, a, beta);
    check_apart(name, roles, workspace);

    enqueue(stream, name,
            [=, g = *geometry, algorithm = a.algorithm] {
                // A device scribbles there, so that nobody can have kept anything in it.
                if (workspace.bytes > 0) std::memset(const_cast<void*>(workspace.pointer), 0xff, workspace.bytes);
                const auto* first = static_cast<const float*>(roles.first.pointer);
                const auto* second = static_cast<const float*>(roles.second.pointer);
                auto* result = static_cast<float*>(const_cast<void*>(roles.result.pointer));
                if (choice.tensor_cores) {
                    const auto first_tf32 = rounded_to_tf32(first, roles.first.bytes / sizeof(float));
                    const auto second_tf32 = rounded_to_tf32(second, roles.second.bytes / sizeof(float));
                    compute(direction, g, alpha, first_tf32.data(), second_tf32.data(), beta, result);
                } else {
                    compute(direction, g, alpha, first, second, beta, result);
                }
                round_differently(algorithm, choice.determinism, result, roles.result.bytes / sizeof(float));
            },
            {roles.first, roles.second, roles.result, workspace});
    return CUDNN_STATUS_SUCCESS;
}

}  // namespace

extern "C" {

cudnnStatus_t cudnnConvolutionForward(cudnnHandle_t handle, const void* alpha, const cudnnTensorDescriptor_t x_desc,
                                      const void* x, const cudnnFilterDescriptor_t w_desc, const void* w,
                                      const cudnnConvolutionDescriptor_t conv, cudnnConvolutionFwdAlgo_t algorithm,
                                      void* workspace, std::size_t bytes, const void* beta,
                                      const cudnnTensorDescriptor_t y_desc, void* y) {
    return convolve("cudnnConvolutionForward", handle, Direction::forward,
                    {x_desc, x, w_desc, w, y_desc, y, conv, algorithm, workspace, bytes, alpha, beta});
}

cudnnStatus_t cudnnConvolutionBackwardData(cudnnHandle_t handle, const void* alpha,
                                           const cudnnFilterDescriptor_t w_desc, const void* w,
                                           const cudnnTensorDescriptor_t dy_desc, const void* dy,
                                           const cudnnConvolutionDescriptor_t conv,
                                           cudnnConvolutionBwdDataAlgo_t algorithm, void* workspace, std::size_t bytes,
                                           const void* beta, const cudnnTensorDescriptor_t dx_desc, void* dx) {
    return convolve("cudnnConvolutionBackwardData", handle, Direction::backward_data,
                    {dx_desc, dx, w_desc, w, dy_desc, dy, conv, algorithm, workspace, bytes, alpha, beta});
}

cudnnStatus_t cudnnConvolutionBackwardFilter(cudnnHandle_t handle, const void* alpha,
                                             const cudnnTensorDescriptor_t x_desc, const void* x,
                                             const cudnnTensorDescriptor_t dy_desc, const void* dy,
                                             const cudnnConvolutionDescriptor_t conv,
                                             cudnnConvolutionBwdFilterAlgo_t algorithm, void* workspace,
                                             std::size_t bytes, const void* beta, const cudnnFilterDescriptor_t dw_desc,
                                             void* dw) {
    return convolve("cudnnConvolutionBackwardFilter", handle, Direction::backward_filter,
                    {x_desc, x, dw_desc, dw, dy_desc, dy, conv, algorithm, workspace, bytes, alpha, beta});
}

cudnnStatus_t cudnnConvolutionBackwardBias(cudnnHandle_t handle, const void* alpha,
                                           const cudnnTensorDescriptor_t dy_desc, const void* dy, const void* beta,
                                           const cudnnTensorDescriptor_t db_desc, void* db) {
    Call call("cudnnConvolutionBackwardBias");
    if (call.refused()) return call.status();
    const auto stream = call.stream(handle);
    const auto shape = call.tensor(dy_desc);
    const auto bias = call.tensor(db_desc);
    if (bias != dnn::Tensor{1, shape.c, 1, 1}) return call.fail(CUDNN_STATUS_BAD_PARAM, "db is not 1 x c x 1 x 1");
    const auto* gradient = call.input(dy, shape, "dy");
    auto* result = call.output(db, bias, "db");
    expect_apart({dy, shape.bytes()}, {db, bias.bytes()}, call.name(), "dy and db");
    const float a = call.factor(alpha, "alpha");
    const float b = call.factor(beta, "beta");
    enqueue(stream, call.name(),
            [=] {
                for (int c = 0; c < shape.c; ++c) {
                    double sum = 0.0;
                    for (int n = 0; n < shape.n; ++n) {
                        const auto* plane = gradient + static_cast<std::size_t>(n * shape.c + c) * shape.plane();
                        for (std::size_t i = 0; i < shape.plane(); ++i) sum += plane[i];
                    }
                    dnn::blend(result[c], a, static_cast<float>(sum), b);
                }
            },
            {{dy, shape.bytes(), Use::read}, {db, bias.bytes(), use_of_result(b)}});
    return CUDNN_STATUS_SUCCESS;
}

}  // extern "C"
