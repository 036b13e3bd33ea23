#include "context.hpp"
#include "kernels/head.hpp"
#include "launch.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

/// Keeps the prototypes of the last forward(): the head's weights are adapted in place before backward() runs.
class PrototypeHead final : public Op {
  public:
    PrototypeHead(const CudaKit& kit, const PrototypeTensors& tensors)
        : t_(tensors),
          prototypes_(kit.backend.allocate(tensors.weight.shape.count())),
          samples_(kit.backend.allocate(static_cast<std::size_t>(tensors.weight.shape.n))),
          labelled_{static_cast<unsigned>(tensors.x.shape.n), static_cast<unsigned>(tensors.x.shape.c),
                    static_cast<unsigned>(tensors.weight.shape.n), floats(tensors.labels)} {
        ATNAS_EXPECT(t_.x && t_.labels && t_.weight && t_.bias);
        ATNAS_EXPECT((t_.weight.shape == Shape{t_.weight.shape.n, t_.x.shape.c, 1, 1}));
    }

    void forward(Context& context) override {
        const cudaStream_t stream = cuda(context).stream();
        launch(stream, t_.weight.shape.count(), "prototypes", cuda::prototypes, labelled_, floats(t_.x), prototypes(),
               samples(), floats(t_.weight));
        launch_blocks(stream, labelled_.classes, "prototype_bias", prototype_bias, prototypes(), labelled_.features,
                      floats(t_.bias));
    }

    void backward(Context& context) override {
        if (!t_.dx || (!t_.dweight && !t_.dbias)) return;
        launch(cuda(context).stream(), t_.x.shape.count(), "prototype_gradient", prototype_gradient, labelled_,
               prototypes(), samples(), floats(t_.dweight), floats(t_.dbias), floats(t_.dx));
    }

  private:
    float* prototypes() noexcept { return static_cast<float*>(prototypes_->data()); }
    float* samples() noexcept { return static_cast<float*>(samples_->data()); }

    PrototypeTensors t_;
    std::unique_ptr<Buffer> prototypes_;  ///< [classes, features]
    std::unique_ptr<Buffer> samples_;     ///< of each class
    Labelled labelled_;
};

}  // namespace

std::unique_ptr<Op> make_prototype_head(const CudaKit& kit, const PrototypeTensors& tensors) {
    return std::make_unique<PrototypeHead>(kit, tensors);
}

}  // namespace atnas::backend::cuda
