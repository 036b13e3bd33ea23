// SPDX-License-Identifier: Apache-2.0
#include "ops.hpp"

namespace atnas::backend::onednn {
namespace {

class Pool final : public Op {
  public:
    Pool(const OnednnKit& kit, const PoolSpec& spec, const PoolTensors& t) {
        const PoolDescs descs{
            spec.kind == PoolKind::max ? dnnl::algorithm::pooling_max : dnnl::algorithm::pooling_avg_exclude_padding,
            describe(kit, t.x.shape, t.x.layout),
            describe(kit, t.y.shape, t.y.layout),
            {spec.stride.h, spec.stride.w},
            {spec.kernel.h, spec.kernel.w},
            {spec.pad.h, spec.pad.w}};
        const auto forward = forward_desc(kit, descs);
        std::vector<std::pair<int, dnnl::memory>> arguments{{DNNL_ARG_SRC, bind(kit, t.x)},
                                                            {DNNL_ARG_DST, bind(kit, t.y)}};
        if (spec.kind == PoolKind::max) {
            argmax_ = OwnedMemory(kit, forward.workspace_desc());
            arguments.emplace_back(DNNL_ARG_WORKSPACE, argmax_.get());
        }
        forward_ = {kit, dnnl::pooling_forward(forward), std::move(arguments), forward.scratchpad_desc()};
        if (!t.dx) return;
        const auto backward = backward_desc(kit, descs, forward);
        std::vector<std::pair<int, dnnl::memory>> gradients{{DNNL_ARG_DIFF_DST, bind(kit, t.dy)},
                                                            {DNNL_ARG_DIFF_SRC, bind(kit, t.dx)}};
        if (argmax_) gradients.emplace_back(DNNL_ARG_WORKSPACE, argmax_.get());
        backward_ = {kit, dnnl::pooling_backward(backward), std::move(gradients), backward.scratchpad_desc()};
    }

    void forward(Context& context) override { forward_.run(context); }
    void backward(Context& context) override {
        if (backward_) backward_.run(context);
    }

  private:
    OwnedMemory argmax_;
    BoundPrimitive forward_, backward_;
};

}  // namespace

std::unique_ptr<Op> make_pool(const OnednnKit& kit, const PoolSpec& spec, const PoolTensors& tensors) {
    return std::make_unique<Pool>(kit, spec, tensors);
}

}  // namespace atnas::backend::onednn
