// SPDX-License-Identifier: Apache-2.0
/// \file
/// cudnnPoolingForward and -Backward.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "cudnn_state.hpp"

using namespace cuda_sim;
using cuda_sim::dnn::blend;
using cuda_sim::dnn::Call;
using cuda_sim::dnn::Pooling;
using cuda_sim::dnn::Tensor;

namespace {

bool fits(const Pooling& pool, const Tensor& x, const Tensor& y) {
    const int room_h = x.h + 2 * pool.pad_h - pool.window_h;
    const int room_w = x.w + 2 * pool.pad_w - pool.window_w;
    return room_h >= 0 && room_w >= 0 && y.n == x.n && y.c == x.c && y.h == 1 + room_h / pool.stride_h &&
           y.w == 1 + room_w / pool.stride_w;
}

bool is_max(const Pooling& pool) {
    return pool.mode == CUDNN_POOLING_MAX || pool.mode == CUDNN_POOLING_MAX_DETERMINISTIC;
}

/// The part of a window that lies inside the image.
struct Window {
    int top, bottom, left, right;  ///< [top, bottom) x [left, right)
    float divisor;                 ///< of an average
};

Window window_at(const Pooling& pool, const Tensor& x, int i, int j) {
    const int top = i * pool.stride_h - pool.pad_h;
    const int left = j * pool.stride_w - pool.pad_w;
    Window window{std::max(top, 0), std::min(top + pool.window_h, x.h), std::max(left, 0),
                  std::min(left + pool.window_w, x.w), 0.0f};
    window.divisor = pool.mode == CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING
                         ? static_cast<float>(pool.window_h * pool.window_w)
                         : static_cast<float>((window.bottom - window.top) * (window.right - window.left));
    return window;
}

/// Place of the maximum in the plane; the first of several. NaN is larger than anything, or smaller.
int largest(const Pooling& pool, const Window& window, const Tensor& x, const float* plane) {
    int place = window.top * x.w + window.left;
    for (int i = window.top; i < window.bottom; ++i) {
        for (int j = window.left; j < window.right; ++j) {
            const float value = plane[i * x.w + j];
            const float most = plane[place];
            const bool nan_wins = pool.nan == CUDNN_PROPAGATE_NAN ? std::isnan(value) && !std::isnan(most)
                                                                  : std::isnan(most) && !std::isnan(value);
            if (value > most || nan_wins) place = i * x.w + j;
        }
    }
    return place;
}

/// Calls visit(output place, window) for every output of a plane.
template <class Visit>
void for_windows(const Pooling& pool, const Tensor& x, const Tensor& y, Visit visit) {
    for (int i = 0; i < y.h; ++i) {
        for (int j = 0; j < y.w; ++j) visit(i * y.w + j, window_at(pool, x, i, j));
    }
}

}  // namespace

extern "C" {

cudnnStatus_t cudnnPoolingForward(cudnnHandle_t handle, const cudnnPoolingDescriptor_t pool_desc, const void* alpha,
                                  const cudnnTensorDescriptor_t x_desc, const void* x, const void* beta,
                                  const cudnnTensorDescriptor_t y_desc, void* y) {
    Call call("cudnnPoolingForward");
    if (call.refused()) return call.status();
    const auto stream = call.stream(handle);
    const auto pool = call.pooling(pool_desc);
    const auto in = call.tensor(x_desc);
    const auto out = call.tensor(y_desc);
    if (!fits(pool, in, out)) return call.fail(CUDNN_STATUS_BAD_PARAM, "the shapes do not fit together");
    const auto* from = call.input(x, in, "x");
    auto* to = call.output(y, out, "y");
    expect_apart({x, in.bytes()}, {y, out.bytes()}, call.name(), "x and y");
    const float a = call.factor(alpha, "alpha");
    const float b = call.factor(beta, "beta");
    enqueue(stream, call.name(),
            [=] {
                for (std::size_t p = 0; p < in.count() / in.plane(); ++p) {
                    const float* source = from + p * in.plane();
                    float* target = to + p * out.plane();
                    for_windows(pool, in, out, [&](int place, const Window& window) {
                        if (is_max(pool)) {
                            blend(target[place], a, source[largest(pool, window, in, source)], b);
                            return;
                        }
                        float sum = 0.0f;
                        for (int i = window.top; i < window.bottom; ++i) {
                            for (int j = window.left; j < window.right; ++j) sum += source[i * in.w + j];
                        }
                        blend(target[place], a, sum / window.divisor, b);
                    });
                }
            },
            {{x, in.bytes(), Use::read}, {y, out.bytes(), use_of_result(b)}});
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnPoolingBackward(cudnnHandle_t handle, const cudnnPoolingDescriptor_t pool_desc, const void* alpha,
                                   const cudnnTensorDescriptor_t y_desc, const void* y,
                                   const cudnnTensorDescriptor_t dy_desc, const void* dy,
                                   const cudnnTensorDescriptor_t x_desc, const void* x, const void* beta,
                                   const cudnnTensorDescriptor_t dx_desc, void* dx) {
    Call call("cudnnPoolingBackward");
    if (call.refused()) return call.status();
    const auto stream = call.stream(handle);
    const auto pool = call.pooling(pool_desc);
    const auto in = call.tensor(x_desc);
    const auto out = call.tensor(y_desc);
    if (call.tensor(dx_desc) != in || call.tensor(dy_desc) != out || !fits(pool, in, out)) {
        return call.fail(CUDNN_STATUS_BAD_PARAM, "the shapes do not fit together");
    }
    const auto* values = call.input(x, in, "x");
    const auto* outputs = call.input(y, out, "y");
    const auto* gradients = call.input(dy, out, "dy");
    auto* results = call.output(dx, in, "dx");
    for (const Operand& operand : {Operand{x, in.bytes()}, Operand{y, out.bytes()}, Operand{dy, out.bytes()}}) {
        expect_apart(operand, {dx, in.bytes()}, call.name(), "dx and another tensor");
    }
    const float a = call.factor(alpha, "alpha");
    const float b = call.factor(beta, "beta");
    enqueue(stream, call.name(),
            [=, name = call.name()] {
                std::vector<float> sums(in.plane());
                for (std::size_t p = 0; p < in.count() / in.plane(); ++p) {
                    std::fill(sums.begin(), sums.end(), 0.0f);
                    const float* source = values + p * in.plane();
                    for_windows(pool, in, out, [&](int place, const Window& window) {
                        const float gradient = gradients[p * out.plane() + static_cast<std::size_t>(place)];
                        if (is_max(pool)) {
                            const int winner = largest(pool, window, in, source);
                            // The device looks for y among x: another y than that of the forward pass gives nonsense.
                            const float output = outputs[p * out.plane() + static_cast<std::size_t>(place)];
                            if (output == output && output != source[winner]) {
                                violation(std::string(name) + ": y is not the maximum of x");
                            }
                            sums[static_cast<std::size_t>(winner)] += gradient;
                            return;
                        }
                        for (int i = window.top; i < window.bottom; ++i) {
                            for (int j = window.left; j < window.right; ++j) {
                                sums[static_cast<std::size_t>(i * in.w + j)] += gradient / window.divisor;
                            }
                        }
                    });
                    for (std::size_t i = 0; i < sums.size(); ++i) blend(results[p * in.plane() + i], a, sums[i], b);
                }
            },
            {{x, in.bytes(), Use::read},
             {y, out.bytes(), Use::read},
             {dy, out.bytes(), Use::read},
             {dx, in.bytes(), use_of_result(b)}});
    return CUDNN_STATUS_SUCCESS;
}

}  // extern "C"
