// SPDX-License-Identifier: Apache-2.0
#include "ops.hpp"

namespace atnas::backend::onednn {
namespace {

class Flatten final : public Op {
  public:
    Flatten(const OnednnKit& kit, const FlattenTensors& t) {
        const auto native = describe(kit, t.x.shape, t.x.layout);
        const auto plain = describe(kit, t.x.shape, Layout::plain);
        forward_ = make_reorder(kit, bind(kit, native, t.x.data), bind(kit, plain, t.y.data));
        if (t.dx) backward_ = make_reorder(kit, bind(kit, plain, t.dy.data), bind(kit, native, t.dx.data));
    }

    void forward(Context& context) override { forward_.run(context); }
    void backward(Context& context) override {
        if (backward_) backward_.run(context);
    }

  private:
    BoundPrimitive forward_, backward_;
};

}  // namespace

std::unique_ptr<Op> make_flatten(const OnednnKit& kit, const FlattenTensors& tensors) {
    return std::make_unique<Flatten>(kit, tensors);
}

}  // namespace atnas::backend::onednn
