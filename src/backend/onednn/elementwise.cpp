// Sums and ReLU fans over all stored elements: the layout does not matter, and padding stays zero because relu(0) and
// 0 + 0 are. Work goes piece by piece so that a piece of the output stays in the first-level cache between inputs.

#include <algorithm>

#include "ops.hpp"

namespace atnas::backend::onednn {
namespace {

constexpr std::size_t piece = 1024;

void set(const float* __restrict x, float* __restrict y, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) y[i] = x[i];
}
void add(const float* __restrict x, float* __restrict y, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) y[i] += x[i];
}
void set_positive(const float* __restrict x, float* __restrict y, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) y[i] = x[i] > 0.0f ? x[i] : 0.0f;
}
void mask(const float* __restrict x, float* __restrict y, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) y[i] = x[i] > 0.0f ? y[i] : 0.0f;
}

const float* values(const Tensor& tensor) {
    return static_cast<const float*>(tensor.data);
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
            bool fresh = true;
            const auto accumulate = [&](const Tensor& gradient) {
                (fresh ? set : add)(values(gradient) + first, dx, length);
                fresh = false;
            };
            for (const Tensor& gradient : t_.rectified) accumulate(gradient);
            if (!fresh) mask(values(t_.x) + first, dx, length);
            for (const Tensor& gradient : t_.direct) accumulate(gradient);
            if (fresh) std::fill_n(dx, length, 0.0f);
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
            float* y = static_cast<float*>(t_.y.data) + first;
            bool fresh = true;
            for (const Tensor& x : t_.x) {
                (fresh ? set : add)(values(x) + first, y, length);
                fresh = false;
            }
            if (fresh) std::fill_n(y, length, 0.0f);
        }
    }
    void backward(Context&) override {}

  private:
    SumTensors t_;
    std::size_t count_;
};

}  // namespace

std::unique_ptr<Op> make_fan_out(const OnednnKit& kit, const FanOutTensors& tensors) {
    return std::make_unique<FanOut>(tensors, kit.backend.storage(tensors.x.shape, tensors.x.layout));
}

std::unique_ptr<Op> make_sum(const OnednnKit& kit, const SumTensors& tensors) {
    return std::make_unique<Sum>(tensors, kit.backend.storage(tensors.y.shape, tensors.y.layout));
}

}  // namespace atnas::backend::onednn
