// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "atnas/core/contract.hpp"
#include "ops.hpp"

namespace atnas::backend::reference {

namespace {

template <class T>
class Convolution final : public Op {
  public:
    Convolution(const ConvolutionSpec& spec, const ConvolutionTensors& tensors) : spec_(spec), t_(tensors) {
        const Shape& x = t_.x.shape;
        const Shape& w = t_.weight.shape;
        const Shape& y = t_.y.shape;
        ATNAS_EXPECT(t_.x && t_.weight && t_.y);
        ATNAS_EXPECT(spec.groups > 0 && x.c % spec.groups == 0 && y.c % spec.groups == 0);
        ATNAS_EXPECT((w == Shape{y.c, x.c / spec.groups, spec.kernel.h, spec.kernel.w}));
        ATNAS_EXPECT(y.n == x.n);
        ATNAS_EXPECT(y.h == window_output(x.h, spec.kernel.h, spec.stride.h, spec.pad.h, spec.dilation.h));
        ATNAS_EXPECT(y.w == window_output(x.w, spec.kernel.w, spec.stride.w, spec.pad.w, spec.dilation.w));
        ATNAS_EXPECT(absent_or(t_.dx, x) && absent_or(t_.dy, y) && absent_or(t_.dweight, w));
        ATNAS_EXPECT(absent_or(t_.bias, {1, y.c, 1, 1}) && absent_or(t_.dbias, {1, y.c, 1, 1}));
    }

    void forward(Context&) override {
        const auto x = values<T>(t_.x);
        const auto weight = values<T>(t_.weight);
        const auto bias = values<T>(t_.bias);
        const auto y = values<T>(t_.y);
        const std::size_t pixels = y_pixels();
        for (std::size_t k = 0; k < y.size(); ++k) y[k] = t_.bias ? bias[k / pixels % bias.size()] : T{0};
        for_each_tap([&](std::size_t ix, std::size_t iw, std::size_t iy) { y[iy] += x[ix] * weight[iw]; });
    }

    void backward(Context&) override {
        if (!t_.dy) return;
        const auto dy = values<T>(t_.dy);
        if (t_.dx) {
            const auto weight = values<T>(t_.weight);
            const auto dx = values<T>(t_.dx);
            std::ranges::fill(dx, T{0});
            for_each_tap([&](std::size_t ix, std::size_t iw, std::size_t iy) { dx[ix] += dy[iy] * weight[iw]; });
        }
        if (t_.dweight) {
            const auto x = values<T>(t_.x);
            const auto dweight = values<T>(t_.dweight);
            std::ranges::fill(dweight, T{0});
            for_each_tap([&](std::size_t ix, std::size_t iw, std::size_t iy) { dweight[iw] += dy[iy] * x[ix]; });
        }
        if (t_.dbias) {
            const auto dbias = values<T>(t_.dbias);
            const std::size_t pixels = y_pixels();
            std::ranges::fill(dbias, T{0});
            for (std::size_t k = 0; k < dy.size(); ++k) dbias[k / pixels % dbias.size()] += dy[k];
        }
    }

  private:
    std::size_t y_pixels() const noexcept { return plane({1, 1, t_.y.shape.h, t_.y.shape.w}, 1, 0); }

    /// Calls visit(place in x, place in weight, place in y) for every product of the convolution.
    template <class Visit>
    void for_each_tap(Visit visit) const {
        const Shape& x = t_.x.shape;
        const Shape& w = t_.weight.shape;
        const Shape& y = t_.y.shape;
        const int outputs_per_group = y.c / spec_.groups;
        for (int n = 0; n < y.n; ++n)
            for (int o = 0; o < y.c; ++o)
                for (int i = 0; i < w.c; ++i)
                    for (int kh = 0; kh < w.h; ++kh)
                        for (int kw = 0; kw < w.w; ++kw)
                            for (int oh = 0; oh < y.h; ++oh) {
                                const int h = oh * spec_.stride.h - spec_.pad.h + kh * spec_.dilation.h;
                                if (h < 0 || h >= x.h) continue;
                                const int channel = o / outputs_per_group * w.c + i;
                                for (int ow = 0; ow < y.w; ++ow) {
                                    const int v = ow * spec_.stride.w - spec_.pad.w + kw * spec_.dilation.w;
                                    if (v < 0 || v >= x.w) continue;
                                    visit(place(x, n, channel, h, v), place(w, o, i, kh, kw), place(y, n, o, oh, ow));
                                }
                            }
    }

    ConvolutionSpec spec_;
    ConvolutionTensors t_;
};

}  // namespace

template <class T>
std::unique_ptr<Op> make_convolution(const ConvolutionSpec& spec, const ConvolutionTensors& tensors) {
    return std::make_unique<Convolution<T>>(spec, tensors);
}

template std::unique_ptr<Op> make_convolution<float>(const ConvolutionSpec&, const ConvolutionTensors&);
template std::unique_ptr<Op> make_convolution<double>(const ConvolutionSpec&, const ConvolutionTensors&);

}  // namespace atnas::backend::reference
