// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/contract.hpp"
#include "ops.hpp"

namespace atnas::backend::reference {

namespace {

template <class T>
class FanOut final : public Op {
  public:
    explicit FanOut(const FanOutTensors& tensors) : t_(tensors) {
        ATNAS_EXPECT(t_.x);
        ATNAS_EXPECT(absent_or(t_.dx, t_.x.shape) && absent_or(t_.relu, t_.x.shape));
        for ([[maybe_unused]] const Tensor& dy : t_.direct) ATNAS_EXPECT(absent_or(dy, t_.x.shape));
        for ([[maybe_unused]] const Tensor& dy : t_.rectified) ATNAS_EXPECT(absent_or(dy, t_.x.shape));
    }

    void forward(Context&) override {
        if (!t_.relu) return;
        const auto x = values<T>(t_.x);
        const auto relu = values<T>(t_.relu);
        for (std::size_t i = 0; i < x.size(); ++i) relu[i] = x[i] > T{0} ? x[i] : T{0};
    }

    void backward(Context&) override {
        if (!t_.dx) return;
        const auto x = values<T>(t_.x);
        const auto dx = values<T>(t_.dx);
        for (std::size_t i = 0; i < x.size(); ++i) {
            const T direct = total(t_.direct, i);
            dx[i] = x[i] > T{0} ? direct + total(t_.rectified, i) : direct;
        }
    }

  private:
    static T total(const std::vector<Tensor>& gradients, std::size_t i) noexcept {
        T sum{0};
        for (const Tensor& gradient : gradients) {
            if (gradient) sum += values<T>(gradient)[i];
        }
        return sum;
    }

    FanOutTensors t_;
};

}  // namespace

template <class T>
std::unique_ptr<Op> make_fan_out(const FanOutTensors& tensors) {
    return std::make_unique<FanOut<T>>(tensors);
}

template std::unique_ptr<Op> make_fan_out<float>(const FanOutTensors&);
template std::unique_ptr<Op> make_fan_out<double>(const FanOutTensors&);

}  // namespace atnas::backend::reference
