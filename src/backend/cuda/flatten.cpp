// SPDX-License-Identifier: Apache-2.0
#include "context.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

/// A copy, since both layouts are NCHW here.
class Flatten final : public Op {
  public:
    explicit Flatten(const FlattenTensors& tensors) : t_(tensors) {
        ATNAS_EXPECT(t_.x && t_.y && t_.x.shape.count() == t_.y.shape.count());
    }

    void forward(Context& context) override { copy_on_device(cuda(context).stream(), t_.x, t_.y); }
    void backward(Context& context) override {
        if (t_.dy && t_.dx) copy_on_device(cuda(context).stream(), t_.dy, t_.dx);
    }

  private:
    FlattenTensors t_;
};

}  // namespace

std::unique_ptr<Op> make_flatten(const FlattenTensors& tensors) {
    return std::make_unique<Flatten>(tensors);
}

}  // namespace atnas::backend::cuda
