// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "atnas/core/contract.hpp"
#include "ops.hpp"

namespace atnas::backend::reference {

namespace {

template <class T>
class SoftmaxLoss final : public Op {
  public:
    explicit SoftmaxLoss(const LossTensors& tensors)
        : t_(tensors),
          images_(static_cast<std::size_t>(t_.logits.shape.n)),
          classes_(static_cast<std::size_t>(t_.logits.shape.c)) {
        const Shape& logits = t_.logits.shape;
        ATNAS_EXPECT(t_.logits && t_.labels && t_.result);
        ATNAS_EXPECT((logits == Shape{logits.n, logits.c, 1, 1}) && absent_or(t_.dlogits, logits));
        ATNAS_EXPECT((t_.labels.shape == Shape{logits.n, 1, 1, 1} && t_.result.shape == Shape{1, 2, 1, 1}));
        ATNAS_EXPECT(absent_or(t_.targets, logits));
    }

    void forward(Context&) override {
        T loss{0};
        T correct{0};
        for (std::size_t n = 0; n < images_; ++n) {
            const auto row = logits(n);
            const T total = log_sum_exp(row);
            if (!t_.targets) {
                loss += total - row[label(n)];
            } else {
                for (std::size_t c = 0; c < classes_; ++c) loss += target(n, c) * (total - row[c]);
            }
            const auto winner = static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
            if (winner == label(n)) correct += T{1};
        }
        const auto result = values<T>(t_.result);
        result[0] = loss / static_cast<T>(images_);
        result[1] = correct;
    }

    void backward(Context&) override {
        if (!t_.dlogits) return;
        const auto dlogits = values<T>(t_.dlogits);
        for (std::size_t n = 0; n < images_; ++n) {
            const auto row = logits(n);
            const T total = log_sum_exp(row);
            for (std::size_t c = 0; c < classes_; ++c)
                dlogits[n * classes_ + c] = (std::exp(row[c] - total) - target(n, c)) / static_cast<T>(images_);
        }
    }

  private:
    std::span<T> logits(std::size_t n) const noexcept { return values<T>(t_.logits).subspan(n * classes_, classes_); }

    std::size_t label(std::size_t n) const noexcept {
        const T value = values<T>(t_.labels)[n];
        ATNAS_EXPECT(value >= T{0} && value < static_cast<T>(classes_));
        return static_cast<std::size_t>(value);
    }

    T target(std::size_t n, std::size_t c) const noexcept {
        if (t_.targets) return values<T>(t_.targets)[n * classes_ + c];
        return c == label(n) ? T{1} : T{0};
    }

    /// log(sum(exp(row))) without overflow: the largest exponent is zero.
    static T log_sum_exp(std::span<const T> row) {
        const T largest = *std::ranges::max_element(row);
        T sum{0};
        for (const T value : row) sum += std::exp(value - largest);
        return largest + std::log(sum);
    }

    LossTensors t_;
    std::size_t images_;
    std::size_t classes_;
};

}  // namespace

template <class T>
std::unique_ptr<Op> make_softmax_loss(const LossTensors& tensors) {
    return std::make_unique<SoftmaxLoss<T>>(tensors);
}

template std::unique_ptr<Op> make_softmax_loss<float>(const LossTensors&);
template std::unique_ptr<Op> make_softmax_loss<double>(const LossTensors&);

}  // namespace atnas::backend::reference
