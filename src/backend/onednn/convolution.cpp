// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string_view>

#include "depthwise.hpp"
#include "ops.hpp"
#include "staged_primitive.hpp"

namespace atnas::backend::onednn {
namespace {

/// Weights stay plain outside, so that a step of SGD is one operation over all of them; they are small, and the copy
/// into the layout a primitive wants costs little beside the convolution.
class Weights {
  public:
    Weights() = default;
    Weights(const OnednnKit& kit, const dnnl::memory& plain, const dnnl::memory::desc& wanted) : memory_(plain) {
        if (plain.get_desc() == wanted) return;
        own_ = OwnedMemory(kit, wanted);
        memory_ = own_.get();
        to_wanted_ = make_reorder(kit, plain, memory_);
    }
    const dnnl::memory& memory() const noexcept { return memory_; }
    void refresh(Context& context) {
        if (to_wanted_) to_wanted_.run(context);
    }

  private:
    OwnedMemory own_;
    dnnl::memory memory_;
    BoundPrimitive to_wanted_;
};

/// make(descs); or, where that is nothing but reference loops, hundreds of times slower than oneDNN's other kernels,
/// for plain layouts, which its matrix products take, or else those that it prefers. With AVX2 that goes for images of
/// one channel, for fewer channels than a block and for planes smaller than the kernel.
template <class Make>
auto suited(const ConvolutionTensors& t, const ConvolutionDescs& descs, const Make& make) {
    const auto is_slow = [](const auto& made) { return std::string_view(made.impl_info_str()).starts_with("ref"); };
    auto made = make(descs);
    if (!is_slow(made)) return made;
    for (const auto tag : {dnnl::memory::format_tag::nchw, dnnl::memory::format_tag::any}) {
        const auto laid_out = [&](const Shape& s) {
            return dnnl::memory::desc({s.n, s.c, s.h, s.w}, dnnl::memory::data_type::f32, tag);
        };
        ConvolutionDescs others = descs;
        others.x = laid_out(t.x.shape);
        others.y = laid_out(t.y.shape);
        if (auto other = make(others); !is_slow(other)) return other;
    }
    return made;
}

class Convolution final : public Op {
  public:
    Convolution(const OnednnKit& kit, const ConvolutionSpec& spec, const ConvolutionTensors& t) {
        const dnnl::memory::desc plain_desc = weight_desc(spec, t, Order::plain);
        ConvolutionDescs descs{describe(kit, t.x.shape, t.x.layout),
                               weight_desc(spec, t, Order::any),
                               {},
                               describe(kit, t.y.shape, t.y.layout),
                               {spec.stride.h, spec.stride.w},
                               {spec.dilation.h - 1, spec.dilation.w - 1},
                               {spec.pad.h, spec.pad.w}};
        if (t.bias) descs.bias = bias_desc(t);
        if (Depthwise::lacks_backward(kit, spec, t)) depthwise_.emplace(kit, spec, t);
        own_forward_ = Depthwise::lacks_forward(kit, spec, t);
        if (own_forward_) return;
        const auto forward = suited(t, descs, [&](const ConvolutionDescs& d) { return forward_desc(kit, d); });
        const dnnl::memory plain = bind(kit, plain_desc, t.weight.data);
        weights_ = Weights(kit, plain, forward.weights_desc());
        std::vector<StagedArgument> arguments{
            {DNNL_ARG_SRC, bind(kit, t.x), forward.src_desc(), Access::read},
            {DNNL_ARG_WEIGHTS, weights_.memory(), forward.weights_desc(), Access::read},
            {DNNL_ARG_DST, bind(kit, t.y), forward.dst_desc(), Access::write}};
        if (t.bias) arguments.push_back({DNNL_ARG_BIAS, bind(kit, descs.bias, t.bias.data), descs.bias, Access::read});
        forward_ = {kit, dnnl::convolution_forward(forward), std::move(arguments), forward.scratchpad_desc()};

        if (depthwise_) return;
        if (t.dx) {
            const auto backward =
                suited(t, descs, [&](const ConvolutionDescs& d) { return backward_data_desc(kit, d, forward); });
            // The forward pass has just filled its copy; another is only needed where the layouts differ.
            dnnl::memory weights = weights_.memory();
            if (backward.weights_desc() != weights.get_desc()) {
                backward_weights_.emplace(kit, plain, backward.weights_desc());
                weights = backward_weights_->memory();
            }
            backward_data_ = {kit,
                              dnnl::convolution_backward_data(backward),
                              {{DNNL_ARG_DIFF_DST, bind(kit, t.dy), backward.diff_dst_desc(), Access::read},
                               {DNNL_ARG_WEIGHTS, weights, backward.weights_desc(), Access::read},
                               {DNNL_ARG_DIFF_SRC, bind(kit, t.dx), backward.diff_src_desc(), Access::write}},
                              backward.scratchpad_desc()};
        }
        if (t.dweight) {
            if (!t.dbias) descs.bias = {};
            const auto backward =
                suited(t, descs, [&](const ConvolutionDescs& d) { return backward_weights_desc(kit, d, forward); });
            std::vector<StagedArgument> gradients{
                {DNNL_ARG_SRC, bind(kit, t.x), backward.src_desc(), Access::read},
                {DNNL_ARG_DIFF_DST, bind(kit, t.dy), backward.diff_dst_desc(), Access::read},
                {DNNL_ARG_DIFF_WEIGHTS, bind(kit, plain_desc, t.dweight.data), backward.diff_weights_desc(),
                 Access::write}};
            if (t.dbias)
                gradients.push_back(
                    {DNNL_ARG_DIFF_BIAS, bind(kit, descs.bias, t.dbias.data), descs.bias, Access::write});
            backward_gradient_ = {kit, dnnl::convolution_backward_weights(backward), std::move(gradients),
                                  backward.scratchpad_desc()};
        }
    }

    void forward(Context& context) override {
        if (own_forward_) {
            depthwise_->forward();
            return;
        }
        weights_.refresh(context);
        forward_.run(context);
    }

    void backward(Context& context) override {
        if (depthwise_) depthwise_->backward();
        if (backward_data_) {
            if (backward_weights_) backward_weights_->refresh(context);
            backward_data_.run(context);
        }
        if (backward_gradient_) backward_gradient_.run(context);
    }

  private:
    enum class Order { plain, any };

    static dnnl::memory::desc weight_desc(const ConvolutionSpec& spec, const ConvolutionTensors& t, Order order) {
        using tag = dnnl::memory::format_tag;
        const Shape& w = t.weight.shape;
        if (spec.groups == 1)
            return {{w.n, w.c, w.h, w.w}, dnnl::memory::data_type::f32, order == Order::any ? tag::any : tag::oihw};
        return {{spec.groups, w.n / spec.groups, w.c, w.h, w.w},
                dnnl::memory::data_type::f32,
                order == Order::any ? tag::any : tag::goihw};
    }
    static dnnl::memory::desc bias_desc(const ConvolutionTensors& t) {
        return {{t.weight.shape.n}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::x};
    }

    Weights weights_;
    std::optional<Weights> backward_weights_;
    std::optional<Depthwise> depthwise_;  ///< where oneDNN is slow
    bool own_forward_{false};
    StagedPrimitive forward_, backward_data_, backward_gradient_;
};

}  // namespace

std::unique_ptr<Op> make_convolution(const OnednnKit& kit, const ConvolutionSpec& spec,
                                     const ConvolutionTensors& tensors) {
    return std::make_unique<Convolution>(kit, spec, tensors);
}

}  // namespace atnas::backend::onednn
