// SPDX-License-Identifier: Apache-2.0
#include "context.hpp"
#include "kernels/head.hpp"
#include "launch.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

/// Keeps nothing: prototypes are computed again for the gradient. The head's weights are no copy of them by then, they
/// are adapted in place before backward() runs.
class PrototypeHead final : public Op {
  public:
    PrototypeHead(const CudaKit& kit, const PrototypeTensors& tensors)
        : t_(tensors),
          labelled_{static_cast<unsigned>(tensors.x.shape.n), static_cast<unsigned>(tensors.x.shape.c),
                    static_cast<unsigned>(tensors.weight.shape.n), floats(tensors.labels)} {
        ATNAS_EXPECT(t_.x && t_.labels && t_.weight && t_.bias);
        ATNAS_EXPECT((t_.weight.shape == Shape{t_.weight.shape.n, t_.x.shape.c, 1, 1}));
        kit.workspace.include(bytes());
    }

    void forward(Context& context) override {
        const Means means = queue_means(context, floats(t_.weight));
        launch_blocks(cuda(context).stream(), labelled_.classes, "prototype_bias", prototype_bias, means.prototypes,
                      labelled_.features, floats(t_.bias));
    }

    void backward(Context& context) override {
        if (!t_.dx || (!t_.dweight && !t_.dbias)) return;
        const Means means = queue_means(context, nullptr);
        launch(cuda(context).stream(), t_.x.shape.count(), "prototype_gradient", prototype_gradient, labelled_,
               means.prototypes, means.samples, floats(t_.dweight), floats(t_.dbias), floats(t_.dx));
    }

  private:
    /// In the working memory of the context.
    struct Means {
        float* prototypes;  ///< [classes, features]
        float* samples;     ///< of each class
    };
    std::size_t bytes() const noexcept { return (t_.weight.shape.count() + labelled_.classes) * sizeof(float); }
    Means queue_means(Context& context, float* weight) const {
        const std::size_t count = t_.weight.shape.count();
        auto* const prototypes = static_cast<float*>(cuda(context).workspace(bytes()));
        const Means means{prototypes, prototypes + count};
        launch(cuda(context).stream(), count, "prototypes", cuda::prototypes, labelled_, floats(t_.x), means.prototypes,
               means.samples, weight);
        return means;
    }

    PrototypeTensors t_;
    Labelled labelled_;
};

}  // namespace

std::unique_ptr<Op> make_prototype_head(const CudaKit& kit, const PrototypeTensors& tensors) {
    return std::make_unique<PrototypeHead>(kit, tensors);
}

}  // namespace atnas::backend::cuda
