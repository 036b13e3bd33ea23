// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "atnas/core/contract.hpp"
#include "ops.hpp"

namespace atnas::backend::reference {

namespace {

/// With u = x / sqrt(|x|^2 + epsilon), or u = x where lengths are kept: y = s u, dlog_scale = sum of y . dy, and
/// dx = s (dy - u (u . dy)) / sqrt(|x|^2 + epsilon), or dx = s dy.
template <class T>
class FeatureScale final : public Op {
  public:
    FeatureScale(const FeatureScaleSpec& spec, const FeatureScaleTensors& tensors)
        : spec_(spec),
          t_(tensors),
          rows_(static_cast<std::size_t>(t_.x.shape.n)),
          features_(static_cast<std::size_t>(t_.x.shape.c)) {
        const Shape& x = t_.x.shape;
        const Shape one{1, 1, 1, 1};
        ATNAS_EXPECT(t_.x && t_.log_scale && t_.y);
        ATNAS_EXPECT((x == Shape{x.n, x.c, 1, 1}) && t_.y.shape == x && t_.log_scale.shape == one);
        ATNAS_EXPECT(absent_or(t_.dx, x) && absent_or(t_.dlog_scale, one) && absent_or(t_.dy, x));
    }

    void forward(Context&) override {
        const T scale = this->scale();
        for (std::size_t n = 0; n < rows_; ++n) {
            const auto x = row(t_.x, n);
            const auto y = row(t_.y, n);
            const T factor = scale * inverse_length(x);
            for (std::size_t f = 0; f < features_; ++f) y[f] = factor * x[f];
        }
    }

    void backward(Context&) override {
        if (!t_.dy || (!t_.dx && !t_.dlog_scale)) return;
        const T scale = this->scale();
        T sum{0};
        for (std::size_t n = 0; n < rows_; ++n) {
            const auto x = row(t_.x, n);
            const auto dy = row(t_.dy, n);
            const T inverse = inverse_length(x);
            T along{0};  // u . dy
            for (std::size_t f = 0; f < features_; ++f) along += inverse * x[f] * dy[f];
            sum += along;
            if (!t_.dx) continue;
            const auto dx = row(t_.dx, n);
            const T taken = spec_.length == RowLength::one ? along * inverse : T{0};
            for (std::size_t f = 0; f < features_; ++f) dx[f] = scale * inverse * (dy[f] - taken * x[f]);
        }
        if (t_.dlog_scale) values<T>(t_.dlog_scale)[0] = scale * sum;
    }

  private:
    T scale() const noexcept { return static_cast<T>(spec_.gain) * std::exp(values<T>(t_.log_scale)[0]); }
    std::span<T> row(const Tensor& tensor, std::size_t n) const noexcept {
        return values<T>(tensor).subspan(n * features_, features_);
    }
    T inverse_length(std::span<const T> x) const noexcept {
        if (spec_.length == RowLength::kept) return T{1};
        T squares{0};
        for (const T value : x) squares += value * value;
        return T{1} / std::sqrt(squares + static_cast<T>(spec_.epsilon));
    }

    FeatureScaleSpec spec_;
    FeatureScaleTensors t_;
    std::size_t rows_;
    std::size_t features_;
};

}  // namespace

template <class T>
std::unique_ptr<Op> make_feature_scale(const FeatureScaleSpec& spec, const FeatureScaleTensors& tensors) {
    return std::make_unique<FeatureScale<T>>(spec, tensors);
}

template std::unique_ptr<Op> make_feature_scale<float>(const FeatureScaleSpec&, const FeatureScaleTensors&);
template std::unique_ptr<Op> make_feature_scale<double>(const FeatureScaleSpec&, const FeatureScaleTensors&);

}  // namespace atnas::backend::reference
