// SPDX-License-Identifier: Apache-2.0
/// \file
/// cudnnAddTensor.

#include "cudnn_state.hpp"

using namespace cuda_sim;
using cuda_sim::dnn::blend;
using cuda_sim::dnn::Call;

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

}  // extern "C"
