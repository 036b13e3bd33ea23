// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "atnas/core/contract.hpp"
#include "ops.hpp"

namespace atnas::backend::reference {

namespace {

/// The part of a concatenated tensor that comes from one input, for one image.
template <class T>
std::span<T> slice(const Tensor& whole, int image, int first_channel, const Shape& part) noexcept {
    return values<T>(whole).subspan(plane(whole.shape, image, first_channel), plane(part, 1, 0));
}

template <class T>
class Concat final : public Op {
  public:
    explicit Concat(const ConcatTensors& tensors) : t_(tensors) {
        ATNAS_EXPECT(t_.y && !t_.x.empty() && absent_or(t_.dy, t_.y.shape));
        ATNAS_EXPECT(t_.dx.empty() || t_.dx.size() == t_.x.size());
        int channels = 0;
        for (const Tensor& x : t_.x) {
            ATNAS_EXPECT(x && (x.shape == Shape{t_.y.shape.n, x.shape.c, t_.y.shape.h, t_.y.shape.w}));
            channels += x.shape.c;
        }
        ATNAS_EXPECT(channels == t_.y.shape.c);
        for (std::size_t k = 0; k < t_.dx.size(); ++k) ATNAS_EXPECT(absent_or(t_.dx[k], t_.x[k].shape));
    }

    void forward(Context&) override {
        int channel = 0;
        for (const Tensor& x : t_.x) {
            for (int n = 0; n < x.shape.n; ++n)
                std::ranges::copy(slice<T>(x, n, 0, x.shape), slice<T>(t_.y, n, channel, x.shape).begin());
            channel += x.shape.c;
        }
    }

    void backward(Context&) override {
        if (!t_.dy) return;
        int channel = 0;
        for (std::size_t k = 0; k < t_.dx.size(); ++k) {
            const Shape& shape = t_.x[k].shape;
            for (int n = 0; t_.dx[k] && n < shape.n; ++n)
                std::ranges::copy(slice<T>(t_.dy, n, channel, shape), slice<T>(t_.dx[k], n, 0, shape).begin());
            channel += shape.c;
        }
    }

  private:
    ConcatTensors t_;
};

}  // namespace

template <class T>
std::unique_ptr<Op> make_concat(const ConcatTensors& tensors) {
    return std::make_unique<Concat<T>>(tensors);
}

template std::unique_ptr<Op> make_concat<float>(const ConcatTensors&);
template std::unique_ptr<Op> make_concat<double>(const ConcatTensors&);

}  // namespace atnas::backend::reference
