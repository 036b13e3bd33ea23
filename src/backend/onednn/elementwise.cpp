// SPDX-License-Identifier: Apache-2.0
// Sums, ReLU fans and factors over all stored elements: the layout does not matter, and padding stays zero because
// relu(0), 0 + 0 and a finite factor times 0 are. Work goes piece by piece so that a piece of the output stays in the
// first-level cache between inputs.

#include <algorithm>

#include "ops.hpp"

namespace atnas::backend::onednn {
namespace {

constexpr std::size_t piece = 1024;

void add(const float* __restrict x, float* __restrict y, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) y[i] += x[i];
}
void set_sum(const float* __restrict a, const float* __restrict b, float* __restrict y, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) y[i] = a[i] + b[i];
}
void set_positive(const float* __restrict x, float* __restrict y, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) y[i] = x[i] > 0.0f ? x[i] : 0.0f;
}
void set_product(float factor, const float* __restrict x, float* __restrict y, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) y[i] = factor * x[i];
}
void mask(const float* __restrict x, float* __restrict y, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) y[i] = x[i] > 0.0f ? y[i] : 0.0f;
}

const float* values(const Tensor& tensor) {
    return static_cast<const float*>(tensor.data);
}

/// y = sum of the terms from element \p first on, zero without any.
void sum_piece(const std::vector<Tensor>& terms, std::size_t first, std::size_t length, float* y) {
    if (terms.empty()) {
        std::fill_n(y, length, 0.0f);
    } else if (terms.size() == 1) {
        std::copy_n(values(terms[0]) + first, length, y);
    } else {
        set_sum(values(terms[0]) + first, values(terms[1]) + first, y, length);
        for (std::size_t i = 2; i < terms.size(); ++i) add(values(terms[i]) + first, y, length);
    }
}

class FanOut final : public Op {
  public:
    FanOut(const FanOutTensors& tensors, std::size_t count) : t_(tensors), count_(count) {
        const auto absent = [](const Tensor& tensor) { return !tensor; };
        std::erase_if(t_.direct, absent);
        std::erase_if(t_.rectified, absent);
    }

    void forward(Context&) override {
        if (t_.relu) set_positive(values(t_.x), static_cast<float*>(t_.relu.data), count_);
    }

    void backward(Context&) override {
        if (!t_.dx) return;
        for (std::size_t first = 0; first < count_; first += piece) {
            const std::size_t length = std::min(piece, count_ - first);
            float* dx = static_cast<float*>(t_.dx.data) + first;
            if (t_.rectified.empty()) {
                sum_piece(t_.direct, first, length, dx);
                continue;
            }
            sum_piece(t_.rectified, first, length, dx);
            mask(values(t_.x) + first, dx, length);
            for (const Tensor& gradient : t_.direct) add(values(gradient) + first, dx, length);
        }
    }

  private:
    FanOutTensors t_;
    std::size_t count_;
};

class Sum final : public Op {
  public:
    Sum(const SumTensors& tensors, std::size_t count) : t_(tensors), count_(count) {}

    void forward(Context&) override {
        for (std::size_t first = 0; first < count_; first += piece) {
            const std::size_t length = std::min(piece, count_ - first);
            sum_piece(t_.x, first, length, static_cast<float*>(t_.y.data) + first);
        }
    }
    void backward(Context&) override {}

  private:
    SumTensors t_;
    std::size_t count_;
};

class ImageScale final : public Op {
  public:
    /// \p image: stored elements of one image, which lie together.
    ImageScale(const ImageScaleTensors& tensors, std::size_t image) : t_(tensors), image_(image) {}

    void forward(Context&) override { scale(t_.x, t_.y); }
    void backward(Context&) override {
        if (t_.dy && t_.dx) scale(t_.dy, t_.dx);
    }

  private:
    void scale(const Tensor& from, const Tensor& to) const {
        const float* x = values(from);
        auto* y = static_cast<float*>(to.data);
        for (int n = 0; n < t_.x.shape.n; ++n, x += image_, y += image_)
            set_product(values(t_.factors)[n], x, y, image_);
    }

    ImageScaleTensors t_;
    std::size_t image_;
};

}  // namespace

std::unique_ptr<Op> make_image_scale(const OnednnKit& kit, const ImageScaleTensors& tensors) {
    Shape image = tensors.x.shape;
    image.n = 1;
    return std::make_unique<ImageScale>(tensors, kit.backend.storage(image, tensors.x.layout));
}

std::unique_ptr<Op> make_fan_out(const OnednnKit& kit, const FanOutTensors& tensors) {
    return std::make_unique<FanOut>(tensors, kit.backend.storage(tensors.x.shape, tensors.x.layout));
}

std::unique_ptr<Op> make_sum(const OnednnKit& kit, const SumTensors& tensors) {
    return std::make_unique<Sum>(tensors, kit.backend.storage(tensors.y.shape, tensors.y.layout));
}

}  // namespace atnas::backend::onednn
