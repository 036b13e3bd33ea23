// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "context.hpp"
#include "kernels/wiring.hpp"
#include "launch.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

unsigned row_of(const Tensor& tensor) noexcept {
    return count_31_bits(tensor.shape) / static_cast<unsigned>(tensor.shape.n);
}

/// Parts as a kernel takes them, and how many elements it has to move.
struct Portion {
    Parts parts;
    std::size_t elements;
};

/// All parts in order, in portions of Parts::most. \param data of each part; null for those that are left out
std::vector<Portion> portions_of(const std::vector<Tensor>& x, const std::vector<Tensor>& data, const Tensor& y) {
    std::vector<Portion> portions;
    unsigned end = 0;
    for (std::size_t k = 0; k < x.size(); ++k) {
        if (k % Parts::most == 0) {
            Parts parts{};
            parts.begin = end;
            parts.row = row_of(y);
            portions.push_back({parts, 0});
        }
        end += row_of(x[k]);
        auto& [parts, elements] = portions.back();
        parts.data[parts.count] = floats(data[k]);
        parts.end[parts.count++] = end;
        elements = std::size_t{end - parts.begin} * static_cast<std::size_t>(y.shape.n);
    }
    ATNAS_EXPECT(end == row_of(y));
    return portions;
}

/// One launch for up to Parts::most inputs: a copy of each would cost more to start than to make.
class Concat final : public Op {
  public:
    explicit Concat(const ConcatTensors& tensors)
        : y_(tensors.y), dy_(tensors.dy), images_(static_cast<unsigned>(tensors.y.shape.n)) {
        const auto& [x, dx, y, dy] = tensors;
        ATNAS_EXPECT(y && !x.empty());
        ATNAS_EXPECT(dx.empty() || dx.size() == x.size());
        inputs_ = portions_of(x, x, y);
        if (std::ranges::any_of(dx, [](const Tensor& gradient) { return static_cast<bool>(gradient); }))
            gradients_ = portions_of(x, dx, y);
    }

    void forward(Context& context) override {
        for (const auto& [parts, elements] : inputs_)
            launch(cuda(context).stream(), elements, "join_parts", join_parts, parts, images_, floats(y_));
    }

    void backward(Context& context) override {
        if (!dy_) return;
        for (const auto& [parts, elements] : gradients_)
            launch(cuda(context).stream(), elements, "split_parts", split_parts, parts, images_, floats(dy_));
    }

  private:
    Tensor y_, dy_;
    unsigned images_;
    std::vector<Portion> inputs_, gradients_;
};

}  // namespace

std::unique_ptr<Op> make_concat(const ConcatTensors& tensors) {
    return std::make_unique<Concat>(tensors);
}

}  // namespace atnas::backend::cuda
