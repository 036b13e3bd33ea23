// SPDX-License-Identifier: Apache-2.0
#include "context.hpp"
#include "kernels/wiring.hpp"
#include "launch.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

class ImageScale final : public Op {
  public:
    explicit ImageScale(const ImageScaleTensors& tensors)
        : t_(tensors), count_(count_31_bits(t_.x.shape)), image_(count_ / static_cast<unsigned>(t_.x.shape.n)) {
        ATNAS_EXPECT(t_.x && t_.factors && t_.y);
    }

    void forward(Context& context) override { scale(context, t_.x, t_.y); }
    void backward(Context& context) override {
        if (t_.dy && t_.dx) scale(context, t_.dy, t_.dx);
    }

  private:
    void scale(Context& context, const Tensor& from, const Tensor& to) const {
        launch(cuda(context).stream(), count_, "scale_images", scale_images, floats(t_.factors), floats(from), image_,
               floats(to), count_);
    }

    ImageScaleTensors t_;
    unsigned count_, image_;
};

}  // namespace

std::unique_ptr<Op> make_image_scale(const ImageScaleTensors& tensors) {
    return std::make_unique<ImageScale>(tensors);
}

}  // namespace atnas::backend::cuda
