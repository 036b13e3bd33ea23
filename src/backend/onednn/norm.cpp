// SPDX-License-Identifier: Apache-2.0
#include "ops.hpp"

namespace atnas::backend::onednn {
namespace {

using dnnl::normalization_flags;

class Norm final : public Op {
  public:
    Norm(const OnednnKit& kit, const NormSpec& spec, const NormTensors& t) {
        const int channels = t.x.shape.c;
        normalization_flags flags = normalization_flags::none;
        if (t.scale) flags = flags | normalization_flags::use_scale | normalization_flags::use_shift;
        if (spec.relu == NormRelu::yes) flags = flags | normalization_flags::fuse_norm_relu;
        if (spec.statistics == NormStatistics::given) flags = flags | normalization_flags::use_global_stats;
        const NormDescs descs{describe(kit, t.x.shape, t.x.layout), spec.epsilon, flags};
        const auto forward = forward_desc(kit, descs);
        const dnnl::memory::desc vector({channels}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::x);
        const dnnl::memory x = bind(kit, t.x);
        const dnnl::memory mean = bind(kit, vector, t.mean.data);
        const dnnl::memory variance = bind(kit, vector, t.variance.data);

        std::vector<std::pair<int, dnnl::memory>> arguments{
            {DNNL_ARG_SRC, x}, {DNNL_ARG_DST, bind(kit, t.y)}, {DNNL_ARG_MEAN, mean}, {DNNL_ARG_VARIANCE, variance}};
        if (spec.relu == NormRelu::yes) {
            mask_ = OwnedMemory(kit, forward.workspace_desc());
            arguments.emplace_back(DNNL_ARG_WORKSPACE, mask_.get());
        }
        if (t.scale) {
            arguments.emplace_back(DNNL_ARG_SCALE, bind(kit, vector, t.scale.data));
            arguments.emplace_back(DNNL_ARG_SHIFT, bind(kit, vector, t.shift.data));
        }
        forward_ = {kit, dnnl::batch_normalization_forward(forward), arguments, forward.scratchpad_desc()};

        if (!t.dy || !(t.dx || t.dscale)) return;
        const auto backward = backward_desc(kit, descs, forward);
        // oneDNN always writes all gradients; what nobody wants goes to memory of our own.
        const auto wanted = [&](const Tensor& tensor, const dnnl::memory::desc& desc) {
            if (tensor) return bind(kit, desc, tensor.data);
            unwanted_.emplace_back(kit, desc);
            return unwanted_.back().get();
        };
        arguments.emplace_back(DNNL_ARG_DIFF_DST, bind(kit, t.dy));
        arguments.emplace_back(DNNL_ARG_DIFF_SRC, wanted(t.dx, descs.x));
        std::erase_if(arguments, [](const auto& argument) {
            return argument.first == DNNL_ARG_DST || (argument.first == DNNL_ARG_SHIFT && !norm_backward_takes_shift);
        });
        if (t.scale) {
            arguments.emplace_back(DNNL_ARG_DIFF_SCALE, wanted(t.dscale, vector));
            arguments.emplace_back(DNNL_ARG_DIFF_SHIFT, wanted(t.dshift, vector));
        }
        backward_ = {kit, dnnl::batch_normalization_backward(backward), std::move(arguments),
                     backward.scratchpad_desc()};
    }

    void forward(Context& context) override { forward_.run(context); }
    void backward(Context& context) override {
        if (backward_) backward_.run(context);
    }

  private:
    OwnedMemory mask_;
    std::vector<OwnedMemory> unwanted_;
    BoundPrimitive forward_, backward_;
};

}  // namespace

std::unique_ptr<Op> make_norm(const OnednnKit& kit, const NormSpec& spec, const NormTensors& tensors) {
    return std::make_unique<Norm>(kit, spec, tensors);
}

}  // namespace atnas::backend::onednn
