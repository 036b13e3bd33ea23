// SPDX-License-Identifier: Apache-2.0
#include "kernels/feature_scale.hpp"
#include "context.hpp"
#include "launch.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

class FeatureScale final : public Op {
  public:
    FeatureScale(const CudaKit& kit, const FeatureScaleSpec& spec, const FeatureScaleTensors& tensors)
        : t_(tensors),
          images_(static_cast<unsigned>(tensors.x.shape.n)),
          rows_{static_cast<unsigned>(tensors.x.shape.c), spec.length,       static_cast<float>(spec.gain),
                static_cast<float>(spec.epsilon),         floats(tensors.x), floats(tensors.log_scale)} {
        ATNAS_EXPECT(t_.x && t_.log_scale && t_.y && t_.y.shape == t_.x.shape);
        kit.workspace.include(share_bytes());
    }

    void forward(Context& context) override {
        launch_blocks(cuda(context).stream(), images_, "scale_rows", scale_rows, rows_, floats(t_.y));
    }

    void backward(Context& context) override {
        if (!t_.dy || (!t_.dx && !t_.dlog_scale)) return;
        const cudaStream_t stream = cuda(context).stream();
        auto* const shares = t_.dlog_scale ? static_cast<double*>(cuda(context).workspace(share_bytes())) : nullptr;
        launch_blocks(stream, images_, "scale_rows_gradient", scale_rows_gradient, rows_, floats(t_.dy), floats(t_.dx),
                      shares);
        if (t_.dlog_scale) launch_blocks(stream, 1, "sum_shares", sum_shares, shares, images_, floats(t_.dlog_scale));
    }

  private:
    std::size_t share_bytes() const noexcept { return images_ * sizeof(double); }

    FeatureScaleTensors t_;
    unsigned images_;
    ScaledRows rows_;
};

}  // namespace

std::unique_ptr<Op> make_feature_scale(const CudaKit& kit, const FeatureScaleSpec& spec,
                                       const FeatureScaleTensors& tensors) {
    return std::make_unique<FeatureScale>(kit, spec, tensors);
}

}  // namespace atnas::backend::cuda
