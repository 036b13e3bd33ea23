// SPDX-License-Identifier: Apache-2.0
#include "context.hpp"
#include "kernels/wiring.hpp"
#include "launch.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

unsigned size(int value) noexcept {
    return static_cast<unsigned>(value);
}

class Subsample final : public Op {
  public:
    Subsample(const SubsampleSpec& spec, const SubsampleTensors& tensors)
        : t_(tensors), x_count_(count_31_bits(t_.x.shape)), y_count_(count_31_bits(t_.y.shape)) {
        const Shape& x = t_.x.shape;
        const Shape& y = t_.y.shape;
        ATNAS_EXPECT(t_.x && t_.y && (spec.offset == 0 || spec.offset == 1));
        ATNAS_EXPECT((y == Shape{x.n, x.c, (x.h + 1) / 2, (x.w + 1) / 2}));
        grid_ = {size(x.n) * size(x.c), size(x.h), size(x.w), size(y.h), size(y.w), size(spec.offset)};
    }

    void forward(Context& context) override {
        launch(cuda(context).stream(), y_count_, "subsample", subsample, grid_, floats(t_.x), floats(t_.y));
    }
    void backward(Context& context) override {
        if (t_.dy && t_.dx)
            launch(cuda(context).stream(), x_count_, "subsample_gradient", subsample_gradient, grid_, floats(t_.dy),
                   floats(t_.dx));
    }

  private:
    SubsampleTensors t_;
    unsigned x_count_, y_count_;
    HalfGrid grid_{};
};

}  // namespace

std::unique_ptr<Op> make_subsample(const SubsampleSpec& spec, const SubsampleTensors& tensors) {
    return std::make_unique<Subsample>(spec, tensors);
}

}  // namespace atnas::backend::cuda
