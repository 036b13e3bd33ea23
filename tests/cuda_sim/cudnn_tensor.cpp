/// \file
/// cudnnAddTensor, cudnnSoftmaxForward.

#include <algorithm>
#include <cmath>
#include <string>

#include "cudnn_state.hpp"

using namespace cuda_sim;
using cuda_sim::dnn::blend;
using cuda_sim::dnn::Call;
using cuda_sim::dnn::Tensor;

namespace {

/// Softmax over \p classes values that lie \p stride apart.
struct Softmax {
    cudnnSoftmaxAlgorithm_t algorithm;
    std::size_t classes;
    std::size_t stride;

    void operator()(const float* x, float alpha, float beta, float* y) const {
        float largest = x[0];
        for (std::size_t k = 1; k < classes; ++k) largest = std::max(largest, x[k * stride]);
        // The fast one is documented to overflow.
        if (algorithm == CUDNN_SOFTMAX_FAST) largest = 0.0f;
        float sum = 0.0f;
        for (std::size_t k = 0; k < classes; ++k) sum += std::exp(x[k * stride] - largest);
        for (std::size_t k = 0; k < classes; ++k) {
            const float shifted = x[k * stride] - largest;
            const float value = algorithm == CUDNN_SOFTMAX_LOG ? shifted - std::log(sum) : std::exp(shifted) / sum;
            blend(y[k * stride], alpha, value, beta);
        }
    }
};

}  // namespace

extern "C" {

cudnnStatus_t cudnnAddTensor(cudnnHandle_t handle, const void* alpha, const cudnnTensorDescriptor_t a_desc,
                             const void* a, const void* beta, const cudnnTensorDescriptor_t c_desc, void* c) {
    Call call("cudnnAddTensor");
    if (call.refused()) return call.status();
    const auto stream = call.stream(handle);
    const auto small = call.tensor(a_desc);
    const auto large = call.tensor(c_desc);
    const auto matches = [](int one, int other) { return one == 1 || one == other; };
    if (!matches(small.n, large.n) || !matches(small.c, large.c) || !matches(small.h, large.h) ||
        !matches(small.w, large.w)) {
        return call.fail(CUDNN_STATUS_BAD_PARAM, "A is neither as large as C nor 1 along some axis");
    }
    const auto* from = call.input(a, small, "A");
    auto* to = call.output(c, large, "C");
    expect_apart({a, small.bytes()}, {c, large.bytes()}, call.name(), "A and C");
    const float factor = call.factor(alpha, "alpha");
    const float rest = call.factor(beta, "beta");
    enqueue(stream, call.name(),
            [=] {
                const auto along = [](int size, int i) { return size == 1 ? 0 : i; };
                std::size_t index = 0;
                for (int n = 0; n < large.n; ++n) {
                    for (int k = 0; k < large.c; ++k) {
                        for (int h = 0; h < large.h; ++h) {
                            for (int w = 0; w < large.w; ++w, ++index) {
                                const int row =
                                    (along(small.n, n) * small.c + along(small.c, k)) * small.h + along(small.h, h);
                                blend(to[index], factor, from[row * small.w + along(small.w, w)], rest);
                            }
                        }
                    }
                }
            },
            {{a, small.bytes(), Use::read}, {c, large.bytes(), use_of_result(rest)}});
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSoftmaxForward(cudnnHandle_t handle, cudnnSoftmaxAlgorithm_t algorithm, cudnnSoftmaxMode_t mode,
                                  const void* alpha, const cudnnTensorDescriptor_t x_desc, const void* x,
                                  const void* beta, const cudnnTensorDescriptor_t y_desc, void* y) {
    Call call("cudnnSoftmaxForward");
    if (call.refused()) return call.status();
    const auto stream = call.stream(handle);
    const auto shape = call.tensor(x_desc);
    if (call.tensor(y_desc) != shape) return call.fail(CUDNN_STATUS_BAD_PARAM, "x and y differ in shape");
    if (algorithm < CUDNN_SOFTMAX_FAST || algorithm > CUDNN_SOFTMAX_LOG ||
        (mode != CUDNN_SOFTMAX_MODE_INSTANCE && mode != CUDNN_SOFTMAX_MODE_CHANNEL)) {
        return call.fail(CUDNN_STATUS_BAD_PARAM, "no such algorithm or mode");
    }
    const auto* from = call.input(x, shape, "x");
    auto* to = call.output(y, shape, "y");
    // In place is documented; half in place is not.
    if (x != y) expect_apart({x, shape.bytes()}, {y, shape.bytes()}, call.name(), "x and y");
    const float a = call.factor(alpha, "alpha");
    const float b = call.factor(beta, "beta");
    enqueue(stream, call.name(),
            [=] {
                const std::size_t image = shape.count() / static_cast<std::size_t>(shape.n);
                const bool over_channels = mode == CUDNN_SOFTMAX_MODE_CHANNEL;
                const Softmax softmax{algorithm, over_channels ? static_cast<std::size_t>(shape.c) : image,
                                      over_channels ? shape.plane() : 1};
                const std::size_t places = over_channels ? shape.plane() : 1;
                for (std::size_t n = 0; n < static_cast<std::size_t>(shape.n); ++n) {
                    for (std::size_t i = 0; i < places; ++i) softmax(from + n * image + i, a, b, to + n * image + i);
                }
            },
            {{x, shape.bytes(), Use::read}, {y, shape.bytes(), use_of_result(b)}});
    return CUDNN_STATUS_SUCCESS;
}

}  // extern "C"
