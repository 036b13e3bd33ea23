// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "atnas/core/contract.hpp"
#include "ops.hpp"

namespace atnas::backend::reference {

namespace {

/// Sums over n, h, w run in double whatever T is: the oracle must not lose digits where a channel has many values.
template <class T>
class Norm final : public Op {
  public:
    Norm(const NormSpec& spec, const NormTensors& tensors) : spec_(spec), t_(tensors) {
        const Shape& x = t_.x.shape;
        const Shape per_channel{1, x.c, 1, 1};
        ATNAS_EXPECT(t_.x && t_.y && t_.mean && t_.variance);
        ATNAS_EXPECT(t_.y.shape == x && absent_or(t_.dx, x) && absent_or(t_.dy, x));
        ATNAS_EXPECT(t_.mean.shape == per_channel && t_.variance.shape == per_channel);
        ATNAS_EXPECT(static_cast<bool>(t_.scale) == static_cast<bool>(t_.shift));
        ATNAS_EXPECT(absent_or(t_.scale, per_channel) && absent_or(t_.shift, per_channel));
        ATNAS_EXPECT(absent_or(t_.dscale, per_channel) && absent_or(t_.dshift, per_channel));
    }

    void forward(Context&) override {
        const auto x = values<T>(t_.x);
        const auto y = values<T>(t_.y);
        for (int c = 0; c < t_.x.shape.c; ++c) {
            if (spec_.statistics == NormStatistics::batch) measure(c);
            const T factor = inverse_deviation(c) * scale(c);
            const T mean = values<T>(t_.mean)[index(c)];
            const T shift = t_.shift ? values<T>(t_.shift)[index(c)] : T{0};
            for_each_in_channel(c, [&](std::size_t i) {
                y[i] = (x[i] - mean) * factor + shift;
                if (spec_.relu == NormRelu::yes && !(y[i] > T{0})) y[i] = T{0};
            });
        }
    }

    void backward(Context&) override {
        if (!t_.dy) return;
        const auto x = values<T>(t_.x);
        const auto y = values<T>(t_.y);
        const auto dy = values<T>(t_.dy);
        const auto gradient = [&](std::size_t i) {
            return spec_.relu == NormRelu::yes && !(y[i] > T{0}) ? T{0} : dy[i];
        };
        for (int c = 0; c < t_.x.shape.c; ++c) {
            const T inverse = inverse_deviation(c);
            const T mean = values<T>(t_.mean)[index(c)];
            double sum = 0;             // of the gradient: dshift
            double sum_normalised = 0;  // of the gradient times the normalised input: dscale
            for_each_in_channel(c, [&](std::size_t i) {
                sum += static_cast<double>(gradient(i));
                sum_normalised += static_cast<double>(gradient(i)) * static_cast<double>((x[i] - mean) * inverse);
            });
            if (t_.dscale) values<T>(t_.dscale)[index(c)] = static_cast<T>(sum_normalised);
            if (t_.dshift) values<T>(t_.dshift)[index(c)] = static_cast<T>(sum);
            if (!t_.dx) continue;

            const auto dx = values<T>(t_.dx);
            const bool constant = spec_.statistics == NormStatistics::given;
            const T offset = constant ? T{0} : static_cast<T>(sum / count());
            const T slope = constant ? T{0} : static_cast<T>(sum_normalised / count());
            const T factor = inverse * scale(c);
            for_each_in_channel(
                c, [&](std::size_t i) { dx[i] = factor * (gradient(i) - offset - (x[i] - mean) * inverse * slope); });
        }
    }

  private:
    static std::size_t index(int c) noexcept { return static_cast<std::size_t>(c); }
    double count() const noexcept { return static_cast<double>(t_.x.shape.count()) / t_.x.shape.c; }

    T scale(int c) const noexcept { return t_.scale ? values<T>(t_.scale)[index(c)] : T{1}; }
    T inverse_deviation(int c) const noexcept {
        const double variance = static_cast<double>(values<T>(t_.variance)[index(c)]);
        return static_cast<T>(1.0 / std::sqrt(variance + static_cast<double>(spec_.epsilon)));
    }

    /// Writes mean and variance of channel \p c.
    void measure(int c) const {
        const auto x = values<T>(t_.x);
        double sum = 0;
        for_each_in_channel(c, [&](std::size_t i) { sum += static_cast<double>(x[i]); });
        const double mean = sum / count();
        double squares = 0;
        for_each_in_channel(c, [&](std::size_t i) {
            const double deviation = static_cast<double>(x[i]) - mean;
            squares += deviation * deviation;
        });
        values<T>(t_.mean)[index(c)] = static_cast<T>(mean);
        values<T>(t_.variance)[index(c)] = static_cast<T>(squares / count());
    }

    template <class Visit>
    void for_each_in_channel(int c, Visit visit) const {
        const Shape& x = t_.x.shape;
        const std::size_t pixels = plane(x, 0, 1);
        for (int n = 0; n < x.n; ++n)
            for (std::size_t i = 0; i < pixels; ++i) visit(plane(x, n, c) + i);
    }

    NormSpec spec_;
    NormTensors t_;
};

}  // namespace

template <class T>
std::unique_ptr<Op> make_norm(const NormSpec& spec, const NormTensors& tensors) {
    return std::make_unique<Norm<T>>(spec, tensors);
}

template std::unique_ptr<Op> make_norm<float>(const NormSpec&, const NormTensors&);
template std::unique_ptr<Op> make_norm<double>(const NormSpec&, const NormTensors&);

}  // namespace atnas::backend::reference
