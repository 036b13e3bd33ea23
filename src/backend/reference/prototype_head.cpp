// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "atnas/core/contract.hpp"
#include "ops.hpp"

namespace atnas::backend::reference {

namespace {

/// Keeps the prototypes of the last forward(): the head's weights are adapted in place before backward() runs.
template <class T>
class PrototypeHead final : public Op {
  public:
    explicit PrototypeHead(const PrototypeTensors& tensors)
        : t_(tensors),
          images_(static_cast<std::size_t>(t_.x.shape.n)),
          features_(static_cast<std::size_t>(t_.x.shape.c)),
          classes_(static_cast<std::size_t>(t_.weight.shape.n)),
          prototypes_(classes_ * features_),
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
        const auto x = values<T>(t_.x);
        const auto weight = values<T>(t_.weight);
        const auto bias = values<T>(t_.bias);
        std::ranges::fill(prototypes_, T{0});
        std::ranges::fill(samples_, T{0});
        std::ranges::fill(bias, T{0});
        for (std::size_t n = 0; n < images_; ++n) {
            samples_[label(n)] += T{1};
            for (std::size_t f = 0; f < features_; ++f) prototypes_[label(n) * features_ + f] += x[n * features_ + f];
        }
        for (std::size_t c = 0; c < classes_; ++c) {
            ATNAS_EXPECT(samples_[c] > T{0});
            for (std::size_t k = c * features_; k < (c + 1) * features_; ++k) {
                prototypes_[k] /= samples_[c];
                weight[k] = T{2} * prototypes_[k];
                bias[c] -= prototypes_[k] * prototypes_[k];
            }
        }
    }

    void backward(Context&) override {
        if (!t_.dx || (!t_.dweight && !t_.dbias)) return;
        const auto dx = values<T>(t_.dx);
        const auto dweight = values<T>(t_.dweight);
        const auto dbias = values<T>(t_.dbias);
        for (std::size_t n = 0; n < images_; ++n) {
            const std::size_t c = label(n);
            for (std::size_t f = 0; f < features_; ++f) {
                const std::size_t k = c * features_ + f;
                const T through_weight = t_.dweight ? dweight[k] : T{0};
                const T through_bias = t_.dbias ? dbias[c] * prototypes_[k] : T{0};
                dx[n * features_ + f] = T{2} * (through_weight - through_bias) / samples_[c];
            }
        }
    }

  private:
    std::size_t label(std::size_t n) const noexcept {
        const T value = values<T>(t_.labels)[n];
        ATNAS_EXPECT(value >= T{0} && value < static_cast<T>(classes_));
        return static_cast<std::size_t>(value);
    }

    PrototypeTensors t_;
    std::size_t images_;
    std::size_t features_;
    std::size_t classes_;
    std::vector<T> prototypes_;  ///< [classes, features]
    std::vector<T> samples_;     ///< of each class
};

}  // namespace

template <class T>
std::unique_ptr<Op> make_prototype_head(const PrototypeTensors& tensors) {
    return std::make_unique<PrototypeHead<T>>(tensors);
}

template std::unique_ptr<Op> make_prototype_head<float>(const PrototypeTensors&);
template std::unique_ptr<Op> make_prototype_head<double>(const PrototypeTensors&);

}  // namespace atnas::backend::reference
