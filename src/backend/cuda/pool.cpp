// SPDX-License-Identifier: Apache-2.0
#include "context.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

/// NaN goes on to the output, so that a broken network shows in its loss.
PoolingDescriptor describe(const PoolSpec& spec) {
    auto descriptor = make<PoolingDescriptor>(cudnnCreatePoolingDescriptor, "cudnnCreatePoolingDescriptor");
    const cudnnPoolingMode_t mode =
        spec.kind == PoolKind::max ? CUDNN_POOLING_MAX_DETERMINISTIC : CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING;
    check(cudnnSetPooling2dDescriptor(descriptor.get(), mode, CUDNN_PROPAGATE_NAN, spec.kernel.h, spec.kernel.w,
                                      spec.pad.h, spec.pad.w, spec.stride.h, spec.stride.w),
          "cudnnSetPooling2dDescriptor");
    return descriptor;
}

class Pool final : public Op {
  public:
    Pool(const PoolSpec& spec, const PoolTensors& tensors)
        : t_(tensors),
          pooling_(describe(spec)),
          x_(cuda::describe(tensors.x.shape)),
          y_(cuda::describe(tensors.y.shape)) {
        ATNAS_EXPECT(t_.x && t_.y);
        // Then no window lies in the padding alone.
        ATNAS_EXPECT(spec.pad.h < spec.kernel.h && spec.pad.w < spec.kernel.w);
    }

    void forward(Context& context) override {
        check(cudnnPoolingForward(cuda(context).dnn(), pooling_.get(), &one, x_.get(), t_.x.data, &zero, y_.get(),
                                  t_.y.data),
              "cudnnPoolingForward");
    }
    void backward(Context& context) override {
        if (!t_.dy || !t_.dx) return;
        check(cudnnPoolingBackward(cuda(context).dnn(), pooling_.get(), &one, y_.get(), t_.y.data, y_.get(), t_.dy.data,
                                   x_.get(), t_.x.data, &zero, x_.get(), t_.dx.data),
              "cudnnPoolingBackward");
    }

  private:
    PoolTensors t_;
    PoolingDescriptor pooling_;
    TensorDescriptor x_, y_;
};

}  // namespace

std::unique_ptr<Op> make_pool(const PoolSpec& spec, const PoolTensors& tensors) {
    return std::make_unique<Pool>(spec, tensors);
}

}  // namespace atnas::backend::cuda
