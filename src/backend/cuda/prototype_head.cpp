// SPDX-License-Identifier: Apache-2.0
#include "context.hpp"
#include "kernels/prototypes.hpp"
#include "launch.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

/// Keeps nothing: prototypes are computed again for the gradient. The head's weights are no copy of them by then, they
/// are adapted in place before backward() runs.
class PrototypeHead final : public Op {
  public:
    PrototypeHead(const CudaKit& kit, const PrototypeSpec& spec, const PrototypeTensors& tensors)
        : similarity_(spec.similarity),
          cosine_{static_cast<float>(spec.length), static_cast<float>(spec.epsilon)},
          t_(tensors),
          labelled_{static_cast<unsigned>(tensors.x.shape.n), static_cast<unsigned>(tensors.x.shape.c),
                    static_cast<unsigned>(tensors.weight.shape.n), floats(tensors.labels)} {
        ATNAS_EXPECT(t_.x && t_.labels && t_.weight && t_.bias);
        ATNAS_EXPECT((t_.weight.shape == Shape{t_.weight.shape.n, t_.x.shape.c, 1, 1}));
        kit.workspace.include(bytes());
    }

    void forward(Context& context) override {
        const cudaStream_t stream = cuda(context).stream();
        const float* const p = queue_means(context).prototypes;
        const LinearLayer layer{floats(t_.weight), floats(t_.bias)};
        if (similarity_ == Similarity::cosine)
            launch_blocks(stream, labelled_.classes, "cosine_layer", cosine_layer, cosine_, p, labelled_.features,
                          layer);
        else
            launch_blocks(stream, labelled_.classes, "distance_layer", distance_layer, p, labelled_.features, layer);
    }

    void backward(Context& context) override {
        if (!t_.dx || (!t_.dweight && !t_.dbias)) return;
        const cudaStream_t stream = cuda(context).stream();
        const Means means = queue_means(context);
        const LinearLayer gradients{floats(t_.dweight), floats(t_.dbias)};
        if (similarity_ == Similarity::cosine)
            launch_blocks(stream, labelled_.classes, "cosine_gradient", cosine_gradient, cosine_, means.prototypes,
                          labelled_.features, gradients);
        else
            launch_blocks(stream, labelled_.classes, "distance_gradient", distance_gradient, means.prototypes,
                          labelled_.features, gradients);
        launch(stream, t_.x.shape.count(), "share_gradient", share_gradient, labelled_, means.prototypes, means.samples,
               floats(t_.dx));
    }

  private:
    /// In the working memory of the context.
    struct Means {
        float* prototypes;  ///< [classes, features]
        float* samples;     ///< of each class
    };
    std::size_t bytes() const noexcept { return (t_.weight.shape.count() + labelled_.classes) * sizeof(float); }
    Means queue_means(Context& context) const {
        const std::size_t count = t_.weight.shape.count();
        auto* const prototypes = static_cast<float*>(cuda(context).workspace(bytes()));
        const Means means{prototypes, prototypes + count};
        launch(cuda(context).stream(), count, "prototypes", cuda::prototypes, labelled_, floats(t_.x), means.prototypes,
               means.samples);
        return means;
    }

    Similarity similarity_;
    CosineWeight cosine_;
    PrototypeTensors t_;
    Labelled labelled_;
};

}  // namespace

std::unique_ptr<Op> make_prototype_head(const CudaKit& kit, const PrototypeSpec& spec,
                                        const PrototypeTensors& tensors) {
    return std::make_unique<PrototypeHead>(kit, spec, tensors);
}

}  // namespace atnas::backend::cuda
