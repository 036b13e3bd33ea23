// SPDX-License-Identifier: Apache-2.0
#include "kernels/norm.hpp"
#include "context.hpp"
#include "launch.hpp"
#include "norm_layout.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

/// One launch in each direction, two where a channel is long: then the sums of its slices come first.
class Norm final : public Op {
  public:
    Norm(const CudaKit& kit, const NormSpec& spec, const NormTensors& tensors)
        : t_(tensors),
          layout_(norm_layout(t_.x.shape)),
          values_{floats(t_.x),     floats(t_.mean), floats(t_.variance), floats(t_.scale),
                  floats(t_.shift), spec.epsilon,    spec.statistics,     spec.relu},
          gradients_{floats(t_.y), floats(t_.dy), floats(t_.dx), floats(t_.dscale), floats(t_.dshift)} {
        ATNAS_EXPECT(t_.x && t_.y && t_.mean && t_.variance && count_31_bits(t_.x.shape) > 0);
        ATNAS_EXPECT(t_.y.shape == t_.x.shape && static_cast<bool>(t_.scale) == static_cast<bool>(t_.shift));
        kit.workspace.include(partial_bytes());
    }

    void forward(Context& context) override {
        const bool sums = values_.statistics == NormStatistics::batch && layout_.slices > 1;
        auto* const partial = sums ? partial_sums(context) : nullptr;
        if (sums) queue(context, "norm_sums", norm_sums, layout_, values_.x, partial);
        queue(context, "norm_forward", norm_forward, layout_, values_, partial, floats(t_.y));
    }

    void backward(Context& context) override {
        if (!t_.dy || (!t_.dx && !t_.dscale && !t_.dshift)) return;
        const bool through_statistics = t_.dx && values_.statistics == NormStatistics::batch;
        const bool sums = layout_.slices > 1 && (through_statistics || t_.dscale || t_.dshift);
        auto* const partial = sums ? partial_sums(context) : nullptr;
        if (sums) queue(context, "norm_gradient_sums", norm_gradient_sums, layout_, values_, gradients_, partial);
        queue(context, "norm_backward", norm_backward, layout_, values_, gradients_, partial);
    }

  private:
    std::size_t partial_bytes() const noexcept {
        return layout_.slices > 1 ? std::size_t{layout_.channels} * layout_.slices * sizeof(NormSums) : 0;
    }
    NormSums* partial_sums(Context& context) const {
        return static_cast<NormSums*>(cuda(context).workspace(partial_bytes()));
    }
    template <class... Parameters, class... Arguments>
    void queue(Context& context, const char* name, void (*kernel)(Parameters...), const Arguments&... arguments) const {
        launch_blocks(cuda(context).stream(), norm_blocks(layout_), name, kernel, arguments...);
    }

    NormTensors t_;
    NormLayout layout_;
    NormValues values_;
    NormGradients gradients_;
};

}  // namespace

std::unique_ptr<Op> make_norm(const CudaKit& kit, const NormSpec& spec, const NormTensors& tensors) {
    return std::make_unique<Norm>(kit, spec, tensors);
}

}  // namespace atnas::backend::cuda
