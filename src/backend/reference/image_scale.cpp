// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/contract.hpp"
#include "ops.hpp"

namespace atnas::backend::reference {

namespace {

template <class T>
class ImageScale final : public Op {
  public:
    explicit ImageScale(const ImageScaleTensors& tensors) : t_(tensors) {
        ATNAS_EXPECT(t_.x && t_.y && t_.x.shape == t_.y.shape && absent_or(t_.dx, t_.x.shape));
        ATNAS_EXPECT((t_.factors && t_.factors.shape == Shape{t_.x.shape.n, 1, 1, 1}));
    }

    void forward(Context&) override { scale(t_.x, t_.y); }
    void backward(Context&) override {
        if (t_.dy && t_.dx) scale(t_.dy, t_.dx);
    }

  private:
    void scale(const Tensor& from, const Tensor& to) const {
        const auto factors = values<T>(t_.factors);
        const auto x = values<T>(from);
        const auto y = values<T>(to);
        const std::size_t image = x.size() / factors.size();
        for (std::size_t i = 0; i < x.size(); ++i) y[i] = factors[i / image] * x[i];
    }

    ImageScaleTensors t_;
};

}  // namespace

template <class T>
std::unique_ptr<Op> make_image_scale(const ImageScaleTensors& tensors) {
    return std::make_unique<ImageScale<T>>(tensors);
}

template std::unique_ptr<Op> make_image_scale<float>(const ImageScaleTensors&);
template std::unique_ptr<Op> make_image_scale<double>(const ImageScaleTensors&);

}  // namespace atnas::backend::reference
