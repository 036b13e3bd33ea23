// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/contract.hpp"
#include "ops.hpp"

namespace atnas::backend::reference {

namespace {

template <class T>
class Sum final : public Op {
  public:
    explicit Sum(const SumTensors& tensors) : t_(tensors) {
        ATNAS_EXPECT(t_.y);
        for ([[maybe_unused]] const Tensor& x : t_.x) ATNAS_EXPECT(x && x.shape == t_.y.shape);
    }

    void forward(Context&) override {
        const auto y = values<T>(t_.y);
        for (std::size_t i = 0; i < y.size(); ++i) {
            T sum{0};
            for (const Tensor& x : t_.x) sum += values<T>(x)[i];
            y[i] = sum;
        }
    }

    /// The gradient of y is the gradient of every input: callers share it.
    void backward(Context&) override {}

  private:
    SumTensors t_;
};

}  // namespace

template <class T>
std::unique_ptr<Op> make_sum(const SumTensors& tensors) {
    return std::make_unique<Sum<T>>(tensors);
}

template std::unique_ptr<Op> make_sum<float>(const SumTensors&);
template std::unique_ptr<Op> make_sum<double>(const SumTensors&);

}  // namespace atnas::backend::reference
