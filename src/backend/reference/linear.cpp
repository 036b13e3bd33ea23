// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "atnas/core/contract.hpp"
#include "ops.hpp"

namespace atnas::backend::reference {

namespace {

template <class T>
class Linear final : public Op {
  public:
    explicit Linear(const LinearTensors& tensors)
        : t_(tensors),
          features_(static_cast<std::size_t>(t_.x.shape.c)),
          classes_(static_cast<std::size_t>(t_.y.shape.c)) {
        const Shape& x = t_.x.shape;
        const Shape& y = t_.y.shape;
        ATNAS_EXPECT(t_.x && t_.weight && t_.y);
        ATNAS_EXPECT((x == Shape{x.n, x.c, 1, 1} && y == Shape{x.n, y.c, 1, 1}));
        ATNAS_EXPECT((t_.weight.shape == Shape{y.c, x.c, 1, 1}) && absent_or(t_.dweight, t_.weight.shape));
        ATNAS_EXPECT(absent_or(t_.bias, {1, y.c, 1, 1}) && absent_or(t_.dbias, {1, y.c, 1, 1}));
        ATNAS_EXPECT(absent_or(t_.dx, x) && absent_or(t_.dy, y));
    }

    void forward(Context&) override {
        const auto x = values<T>(t_.x);
        const auto weight = values<T>(t_.weight);
        const auto bias = values<T>(t_.bias);
        const auto y = values<T>(t_.y);
        for (std::size_t k = 0; k < y.size(); ++k) y[k] = t_.bias ? bias[k % classes_] : T{0};
        for_each_product([&](std::size_t ix, std::size_t iw, std::size_t iy) { y[iy] += x[ix] * weight[iw]; });
    }

    void backward(Context&) override {
        if (!t_.dy) return;
        const auto dy = values<T>(t_.dy);
        if (t_.dx) {
            const auto weight = values<T>(t_.weight);
            const auto dx = values<T>(t_.dx);
            std::ranges::fill(dx, T{0});
            for_each_product([&](std::size_t ix, std::size_t iw, std::size_t iy) { dx[ix] += dy[iy] * weight[iw]; });
        }
        if (t_.dweight) {
            const auto x = values<T>(t_.x);
            const auto dweight = values<T>(t_.dweight);
            std::ranges::fill(dweight, T{0});
            for_each_product([&](std::size_t ix, std::size_t iw, std::size_t iy) { dweight[iw] += dy[iy] * x[ix]; });
        }
        if (t_.dbias) {
            const auto dbias = values<T>(t_.dbias);
            std::ranges::fill(dbias, T{0});
            for (std::size_t k = 0; k < dy.size(); ++k) dbias[k % classes_] += dy[k];
        }
    }

  private:
    /// Calls visit(place in x, place in weight, place in y) for every product.
    template <class Visit>
    void for_each_product(Visit visit) const {
        const auto images = static_cast<std::size_t>(t_.x.shape.n);
        for (std::size_t n = 0; n < images; ++n)
            for (std::size_t o = 0; o < classes_; ++o)
                for (std::size_t i = 0; i < features_; ++i)
                    visit(n * features_ + i, o * features_ + i, n * classes_ + o);
    }

    LinearTensors t_;
    std::size_t features_;
    std::size_t classes_;
};

}  // namespace

template <class T>
std::unique_ptr<Op> make_linear(const LinearTensors& tensors) {
    return std::make_unique<Linear<T>>(tensors);
}

template std::unique_ptr<Op> make_linear<float>(const LinearTensors&);
template std::unique_ptr<Op> make_linear<double>(const LinearTensors&);

}  // namespace atnas::backend::reference
