// SPDX-License-Identifier: Apache-2.0
#include "context.hpp"
#include "kernels/head.hpp"
#include "launch.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

/// Keeps nothing: probabilities are computed again where the gradient needs them.
class SoftmaxLoss final : public Op {
  public:
    explicit SoftmaxLoss(const LossTensors& tensors)
        : t_(tensors),
          scores_{static_cast<unsigned>(tensors.logits.shape.n), static_cast<unsigned>(tensors.logits.shape.c),
                  floats(tensors.logits), floats(tensors.labels), floats(tensors.targets)} {
        ATNAS_EXPECT(t_.logits && t_.labels && t_.result);
    }

    void forward(Context& context) override {
        launch_blocks(cuda(context).stream(), 1, "loss", loss, scores_, floats(t_.result));
    }
    void backward(Context& context) override {
        if (t_.dlogits)
            launch(cuda(context).stream(), scores_.images, "loss_gradient", loss_gradient, scores_, floats(t_.dlogits));
    }

  private:
    LossTensors t_;
    Scores scores_;
};

}  // namespace

std::unique_ptr<Op> make_softmax_loss(const LossTensors& tensors) {
    return std::make_unique<SoftmaxLoss>(tensors);
}

}  // namespace atnas::backend::cuda
