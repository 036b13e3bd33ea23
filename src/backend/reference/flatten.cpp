// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "atnas/core/contract.hpp"
#include "ops.hpp"

namespace atnas::backend::reference {

namespace {

/// A copy, since both layouts are NCHW here.
template <class T>
class Flatten final : public Op {
  public:
    explicit Flatten(const FlattenTensors& tensors) : t_(tensors) {
        const Shape& x = t_.x.shape;
        ATNAS_EXPECT(t_.x && t_.y && (t_.y.shape == Shape{x.n, x.c * x.h * x.w, 1, 1}));
        ATNAS_EXPECT(absent_or(t_.dx, x) && absent_or(t_.dy, t_.y.shape));
    }

    void forward(Context&) override { std::ranges::copy(values<T>(t_.x), values<T>(t_.y).begin()); }

    void backward(Context&) override {
        if (t_.dy && t_.dx) std::ranges::copy(values<T>(t_.dy), values<T>(t_.dx).begin());
    }

  private:
    FlattenTensors t_;
};

}  // namespace

template <class T>
std::unique_ptr<Op> make_flatten(const FlattenTensors& tensors) {
    return std::make_unique<Flatten<T>>(tensors);
}

template std::unique_ptr<Op> make_flatten<float>(const FlattenTensors&);
template std::unique_ptr<Op> make_flatten<double>(const FlattenTensors&);

}  // namespace atnas::backend::reference
