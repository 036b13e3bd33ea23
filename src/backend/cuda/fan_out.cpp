// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "context.hpp"
#include "launch.hpp"
#include "ops.hpp"
#include "sources.hpp"

namespace atnas::backend::cuda {
namespace {

class FanOut final : public Op {
  public:
    explicit FanOut(const FanOutTensors& tensors)
        : x_(tensors.x),
          dx_(tensors.dx),
          relu_(tensors.relu),
          direct_(portions_of(tensors.direct)),
          rectified_(portions_of(tensors.rectified)) {
        ATNAS_EXPECT(x_);
        // One launch takes a portion of each list; without any the gradient is zero, also written by the kernel.
        const std::size_t launches = std::max({direct_.size(), rectified_.size(), std::size_t{1}});
        direct_.resize(launches);
        rectified_.resize(launches);
    }

    void forward(Context& context) override {
        if (relu_)
            launch(cuda(context).stream(), x_.shape.count(), "relu", cuda::relu, floats(x_), floats(relu_),
                   x_.shape.count());
    }

    void backward(Context& context) override {
        if (!dx_) return;
        const float* before = nullptr;
        for (std::size_t k = 0; k < direct_.size(); ++k) {
            launch(cuda(context).stream(), x_.shape.count(), "fan_out_gradient", fan_out_gradient, floats(x_),
                   direct_[k], rectified_[k], before, floats(dx_), x_.shape.count());
            before = floats(dx_);
        }
    }

  private:
    Tensor x_, dx_, relu_;
    std::vector<Sources> direct_, rectified_;
};

}  // namespace

std::unique_ptr<Op> make_fan_out(const FanOutTensors& tensors) {
    return std::make_unique<FanOut>(tensors);
}

}  // namespace atnas::backend::cuda
