// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "atnas/core/contract.hpp"
#include "ops.hpp"

namespace atnas::backend::reference {

namespace {

template <class T>
class Subsample final : public Op {
  public:
    Subsample(const SubsampleSpec& spec, const SubsampleTensors& tensors) : spec_(spec), t_(tensors) {
        const Shape& x = t_.x.shape;
        ATNAS_EXPECT(t_.x && t_.y && (spec.offset == 0 || spec.offset == 1));
        ATNAS_EXPECT((t_.y.shape == Shape{x.n, x.c, (x.h + 1) / 2, (x.w + 1) / 2}));
        ATNAS_EXPECT(absent_or(t_.dx, x) && absent_or(t_.dy, t_.y.shape));
    }

    void forward(Context&) override {
        const auto x = values<T>(t_.x);
        const auto y = values<T>(t_.y);
        std::ranges::fill(y, T{0});
        for_each_pair([&](std::size_t ix, std::size_t iy) { y[iy] = x[ix]; });
    }

    void backward(Context&) override {
        if (!t_.dy || !t_.dx) return;
        const auto dy = values<T>(t_.dy);
        const auto dx = values<T>(t_.dx);
        std::ranges::fill(dx, T{0});
        for_each_pair([&](std::size_t ix, std::size_t iy) { dx[ix] = dy[iy]; });
    }

  private:
    /// Calls visit(place in x, place in y) for every output that has an input.
    template <class Visit>
    void for_each_pair(Visit visit) const {
        const Shape& x = t_.x.shape;
        for (int n = 0; n < x.n; ++n)
            for (int c = 0; c < x.c; ++c)
                for (int h = spec_.offset; h < x.h; h += 2)
                    for (int w = spec_.offset; w < x.w; w += 2)
                        visit(place(x, n, c, h, w), place(t_.y.shape, n, c, h / 2, w / 2));
    }

    SubsampleSpec spec_;
    SubsampleTensors t_;
};

}  // namespace

template <class T>
std::unique_ptr<Op> make_subsample(const SubsampleSpec& spec, const SubsampleTensors& tensors) {
    return std::make_unique<Subsample<T>>(spec, tensors);
}

template std::unique_ptr<Op> make_subsample<float>(const SubsampleSpec&, const SubsampleTensors&);
template std::unique_ptr<Op> make_subsample<double>(const SubsampleSpec&, const SubsampleTensors&);

}  // namespace atnas::backend::reference
