#include "context.hpp"
#include "kernels/head.hpp"
#include "launch.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

/// Keeps the logarithms of the probabilities from forward() to backward().
class SoftmaxLoss final : public Op {
  public:
    SoftmaxLoss(const CudaKit& kit, const LossTensors& tensors)
        : t_(tensors),
          logits_(describe(tensors.logits.shape)),
          log_probabilities_(kit.backend.allocate(tensors.logits.shape.count())),
          scores_{static_cast<unsigned>(tensors.logits.shape.n), static_cast<unsigned>(tensors.logits.shape.c),
                  static_cast<const float*>(log_probabilities_->data()), floats(tensors.labels)} {
        ATNAS_EXPECT(t_.logits && t_.labels && t_.result);
    }

    void forward(Context& context) override {
        check(cudnnSoftmaxForward(cuda(context).dnn(), CUDNN_SOFTMAX_LOG, CUDNN_SOFTMAX_MODE_INSTANCE, &one,
                                  logits_.get(), t_.logits.data, &zero, logits_.get(), log_probabilities_->data()),
              "cudnnSoftmaxForward");
        launch_blocks(cuda(context).stream(), 1, "loss", loss, scores_, floats(t_.logits), floats(t_.result));
    }
    void backward(Context& context) override {
        if (t_.dlogits)
            launch(cuda(context).stream(), t_.dlogits.shape.count(), "loss_gradient", loss_gradient, scores_,
                   floats(t_.dlogits));
    }

  private:
    LossTensors t_;
    TensorDescriptor logits_;
    std::unique_ptr<Buffer> log_probabilities_;
    Scores scores_;
};

}  // namespace

std::unique_ptr<Op> make_softmax_loss(const CudaKit& kit, const LossTensors& tensors) {
    return std::make_unique<SoftmaxLoss>(kit, tensors);
}

}  // namespace atnas::backend::cuda
