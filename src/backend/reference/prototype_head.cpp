// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include "atnas/core/contract.hpp"
#include "ops.hpp"

namespace atnas::backend::reference {

namespace {

/// Keeps the prototypes of the last forward(): the head's weights are adapted in place before backward() runs.
template <class T>
class PrototypeHead final : public Op {
  public:
    PrototypeHead(const PrototypeSpec& spec, const PrototypeTensors& tensors)
        : spec_(spec),
          t_(tensors),
          images_(static_cast<std::size_t>(t_.x.shape.n)),
          features_(static_cast<std::size_t>(t_.x.shape.c)),
          classes_(static_cast<std::size_t>(t_.weight.shape.n)),
          prototypes_(classes_ * features_),
          dprototypes_(classes_ * features_),
          samples_(classes_) {
        const Shape& x = t_.x.shape;
        const Shape& weight = t_.weight.shape;
        ATNAS_EXPECT(t_.x && t_.labels && t_.weight && t_.bias);
        ATNAS_EXPECT((x == Shape{x.n, x.c, 1, 1} && t_.labels.shape == Shape{x.n, 1, 1, 1}));
        ATNAS_EXPECT((weight == Shape{weight.n, x.c, 1, 1}) && absent_or(t_.dweight, weight));
        ATNAS_EXPECT((t_.bias.shape == Shape{1, weight.n, 1, 1}) && absent_or(t_.dbias, t_.bias.shape));
        ATNAS_EXPECT(absent_or(t_.dx, x));
    }

    void forward(Context&) override {
        average();
        const auto bias = values<T>(t_.bias);
        for (std::size_t c = 0; c < classes_; ++c) {
            const auto p = row(std::span(prototypes_), c);
            const T factor = cosine() ? static_cast<T>(spec_.length) * inverse_length(p) : T{2};
            std::ranges::transform(p, row(values<T>(t_.weight), c).begin(), [&](T value) { return factor * value; });
            bias[c] = cosine() ? T{0} : -squares(p);
        }
    }

    void backward(Context&) override {
        if (!t_.dx || (!t_.dweight && !t_.dbias)) return;
        for (std::size_t c = 0; c < classes_; ++c) cosine() ? through_cosine(c) : through_distance(c);
        const auto dx = values<T>(t_.dx);
        for (std::size_t n = 0; n < images_; ++n) {
            const std::size_t c = label(n);
            for (std::size_t f = 0; f < features_; ++f)
                dx[n * features_ + f] = dprototypes_[c * features_ + f] / samples_[c];
        }
    }

  private:
    /// Prototypes, and how many images each is the mean of.
    void average() {
        const auto x = values<T>(t_.x);
        std::ranges::fill(prototypes_, T{0});
        std::ranges::fill(samples_, T{0});
        for (std::size_t n = 0; n < images_; ++n) {
            samples_[label(n)] += T{1};
            for (std::size_t f = 0; f < features_; ++f) prototypes_[label(n) * features_ + f] += x[n * features_ + f];
        }
        for (std::size_t c = 0; c < classes_; ++c) {
            ATNAS_EXPECT(samples_[c] > T{0});
            for (T& value : row(std::span(prototypes_), c)) value /= samples_[c];
        }
    }

    void through_distance(std::size_t c) {
        const auto p = row(std::span(prototypes_), c);
        const auto dp = row(std::span(dprototypes_), c);
        const auto dweight = row(values<T>(t_.dweight), c);
        const T dbias = t_.dbias ? values<T>(t_.dbias)[c] : T{0};
        for (std::size_t f = 0; f < features_; ++f) dp[f] = T{2} * ((t_.dweight ? dweight[f] : T{0}) - dbias * p[f]);
    }

    /// With u = p / |p|: dp = length (dweight - u (u . dweight)) / |p|.
    void through_cosine(std::size_t c) {
        const auto p = row(std::span(prototypes_), c);
        const auto dp = row(std::span(dprototypes_), c);
        std::ranges::fill(dp, T{0});
        if (!t_.dweight) return;
        const auto dweight = row(values<T>(t_.dweight), c);
        const T inverse = inverse_length(p);
        T along{0};
        for (std::size_t f = 0; f < features_; ++f) along += inverse * p[f] * dweight[f];
        for (std::size_t f = 0; f < features_; ++f)
            dp[f] = static_cast<T>(spec_.length) * inverse * (dweight[f] - along * inverse * p[f]);
    }

    bool cosine() const noexcept { return spec_.similarity == Similarity::cosine; }
    /// Of a matrix [..., features]; of one that is not there nothing.
    std::span<T> row(std::span<T> matrix, std::size_t c) const noexcept {
        return matrix.empty() ? matrix : matrix.subspan(c * features_, features_);
    }
    static T squares(std::span<const T> p) noexcept {
        T sum{0};
        for (const T value : p) sum += value * value;
        return sum;
    }
    T inverse_length(std::span<const T> p) const noexcept {
        return T{1} / std::sqrt(squares(p) + static_cast<T>(spec_.epsilon));
    }
    std::size_t label(std::size_t n) const noexcept {
        const T value = values<T>(t_.labels)[n];
        ATNAS_EXPECT(value >= T{0} && value < static_cast<T>(classes_));
        return static_cast<std::size_t>(value);
    }

    PrototypeSpec spec_;
    PrototypeTensors t_;
    std::size_t images_;
    std::size_t features_;
    std::size_t classes_;
    std::vector<T> prototypes_, dprototypes_;  ///< [classes, features]
    std::vector<T> samples_;                   ///< of each class
};

}  // namespace

template <class T>
std::unique_ptr<Op> make_prototype_head(const PrototypeSpec& spec, const PrototypeTensors& tensors) {
    return std::make_unique<PrototypeHead<T>>(spec, tensors);
}

template std::unique_ptr<Op> make_prototype_head<float>(const PrototypeSpec&, const PrototypeTensors&);
template std::unique_ptr<Op> make_prototype_head<double>(const PrototypeSpec&, const PrototypeTensors&);

}  // namespace atnas::backend::reference
