// SPDX-License-Identifier: Apache-2.0
#include "context.hpp"
#include "launch.hpp"
#include "ops.hpp"
#include "sources.hpp"

namespace atnas::backend::cuda {
namespace {

class Sum final : public Op {
  public:
    explicit Sum(const SumTensors& tensors) : y_(tensors.y), portions_(portions_of(tensors.x)) {
        ATNAS_EXPECT(y_);
        // Without inputs the sum is zero, also written by the kernel.
        if (portions_.empty()) portions_.emplace_back();
    }

    void forward(Context& context) override {
        const float* before = nullptr;
        for (const Sources& portion : portions_) {
            launch(cuda(context).stream(), y_.shape.count(), "add_sources", add_sources, portion, before, floats(y_),
                   y_.shape.count());
            before = floats(y_);
        }
    }
    /// The gradient of y is the gradient of every input: callers share it.
    void backward(Context&) override {}

  private:
    Tensor y_;
    std::vector<Sources> portions_;
};

}  // namespace

std::unique_ptr<Op> make_sum(const SumTensors& tensors) {
    return std::make_unique<Sum>(tensors);
}

}  // namespace atnas::backend::cuda
