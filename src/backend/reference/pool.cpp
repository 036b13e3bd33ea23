// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "atnas/core/contract.hpp"
#include "ops.hpp"

namespace atnas::backend::reference {

namespace {

/// The part of a window that lies inside the image, along one axis.
struct Segment {
    int first;
    int end;
};

Segment inside(int output, int stride, int pad, int kernel, int size) noexcept {
    const int start = output * stride - pad;
    return {std::max(start, 0), std::min(start + kernel, size)};
}

template <class T>
class Pool final : public Op {
  public:
    Pool(const PoolSpec& spec, const PoolTensors& tensors) : spec_(spec), t_(tensors) {
        const Shape& x = t_.x.shape;
        const Shape& y = t_.y.shape;
        ATNAS_EXPECT(t_.x && t_.y);
        ATNAS_EXPECT(y.n == x.n && y.c == x.c);
        ATNAS_EXPECT(y.h == window_output(x.h, spec.kernel.h, spec.stride.h, spec.pad.h, 1));
        ATNAS_EXPECT(y.w == window_output(x.w, spec.kernel.w, spec.stride.w, spec.pad.w, 1));
        // Then no window lies in the padding alone.
        ATNAS_EXPECT(spec.pad.h < spec.kernel.h && spec.pad.w < spec.kernel.w);
        ATNAS_EXPECT(absent_or(t_.dx, x) && absent_or(t_.dy, y));
        if (spec.kind == PoolKind::max) winners_.resize(y.count());
    }

    void forward(Context&) override {
        const auto x = values<T>(t_.x);
        const auto y = values<T>(t_.y);
        for_each_window([&](std::size_t iy, std::size_t first_plane, Segment rows, Segment columns) {
            std::size_t best = place_in(first_plane, rows.first, columns.first);
            T total{0};
            for (int h = rows.first; h < rows.end; ++h)
                for (int w = columns.first; w < columns.end; ++w) {
                    const std::size_t ix = place_in(first_plane, h, w);
                    if (x[ix] > x[best]) best = ix;
                    total += x[ix];
                }
            if (spec_.kind == PoolKind::max) {
                winners_[iy] = best;
                y[iy] = x[best];
            } else {
                y[iy] = total / area(rows, columns);
            }
        });
    }

    void backward(Context&) override {
        if (!t_.dy || !t_.dx) return;
        const auto dy = values<T>(t_.dy);
        const auto dx = values<T>(t_.dx);
        std::ranges::fill(dx, T{0});
        if (spec_.kind == PoolKind::max) {
            for (std::size_t iy = 0; iy < dy.size(); ++iy) dx[winners_[iy]] += dy[iy];
            return;
        }
        for_each_window([&](std::size_t iy, std::size_t first_plane, Segment rows, Segment columns) {
            for (int h = rows.first; h < rows.end; ++h)
                for (int w = columns.first; w < columns.end; ++w)
                    dx[place_in(first_plane, h, w)] += dy[iy] / area(rows, columns);
        });
    }

  private:
    static T area(Segment rows, Segment columns) noexcept {
        return static_cast<T>((rows.end - rows.first) * (columns.end - columns.first));
    }

    std::size_t place_in(std::size_t first_plane, int h, int w) const noexcept {
        return first_plane + place(t_.x.shape, 0, 0, h, w);
    }

    /// Calls visit(place in y, plane in x, rows, columns) for every output.
    template <class Visit>
    void for_each_window(Visit visit) const {
        const Shape& x = t_.x.shape;
        const Shape& y = t_.y.shape;
        for (int n = 0; n < y.n; ++n)
            for (int c = 0; c < y.c; ++c)
                for (int h = 0; h < y.h; ++h)
                    for (int w = 0; w < y.w; ++w)
                        visit(place(y, n, c, h, w), plane(x, n, c),
                              inside(h, spec_.stride.h, spec_.pad.h, spec_.kernel.h, x.h),
                              inside(w, spec_.stride.w, spec_.pad.w, spec_.kernel.w, x.w));
    }

    PoolSpec spec_;
    PoolTensors t_;
    std::vector<std::size_t> winners_;  ///< of each output: the first maximum of its window
};

}  // namespace

template <class T>
std::unique_ptr<Op> make_pool(const PoolSpec& spec, const PoolTensors& tensors) {
    return std::make_unique<Pool<T>>(spec, tensors);
}

template std::unique_ptr<Op> make_pool<float>(const PoolSpec&, const PoolTensors&);
template std::unique_ptr<Op> make_pool<double>(const PoolSpec&, const PoolTensors&);

}  // namespace atnas::backend::reference
