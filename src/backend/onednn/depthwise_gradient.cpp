#include "depthwise_gradient.hpp"

#include <algorithm>

#include "blocked.hpp"

namespace atnas::backend::onednn {
namespace {

/// Visits every pair of an output pixel row and an input pixel row that one kernel position joins:
/// visit(kernel position, first input pixel, first output pixel, pixels, input step).
template <class Visit>
void for_each_row(const ConvolutionSpec& spec, const Shape& in, const Shape& out, Visit visit) {
    for (int oh = 0; oh < out.h; ++oh)
        for (int kh = 0; kh < spec.kernel.h; ++kh) {
            const int ih = oh * spec.stride.h - spec.pad.h + kh * spec.dilation.h;
            if (ih < 0 || ih >= in.h) continue;
            for (int kw = 0; kw < spec.kernel.w; ++kw) {
                const int shift = kw * spec.dilation.w - spec.pad.w;  // iw = ow * stride + shift
                const int first = shift >= 0 ? 0 : (-shift + spec.stride.w - 1) / spec.stride.w;
                const int last = std::min(out.w, in.w - 1 - shift >= 0 ? (in.w - 1 - shift) / spec.stride.w + 1 : 0);
                if (first >= last) continue;
                visit(kh * spec.kernel.w + kw, ih * in.w + first * spec.stride.w + shift, oh * out.w + first, last - first,
                      spec.stride.w);
            }
        }
}

}  // namespace

bool DepthwiseGradient::applies(const ConvolutionSpec& spec, const ConvolutionTensors& tensors) noexcept {
    const int channels = tensors.x.shape.c;
    return spec.groups == channels && channels > 1 && tensors.y.shape.c == channels && !tensors.bias &&
           tensors.x.layout == Layout::native && (spec.dilation.h > 1 || spec.dilation.w > 1);
}

DepthwiseGradient::DepthwiseGradient(const OnednnKit& kit, const ConvolutionSpec& spec, const ConvolutionTensors& tensors)
    : spec_(spec), tensors_(tensors), block_(kit.block) {
    const Blocked map(tensors.x.shape, block_);
    const std::size_t count = map.blocks * map.block * static_cast<std::size_t>(spec.kernel.h * spec.kernel.w);
    weights_.resize(count);
    sums_.resize(count);
}

void DepthwiseGradient::run() { block_ == 16 ? run_blocked<16>() : run_blocked<8>(); }

template <int block>
void DepthwiseGradient::run_blocked() {
    const Blocked in(tensors_.x.shape, block);
    const Blocked out(tensors_.y.shape, block);
    const auto positions = static_cast<std::size_t>(spec_.kernel.h * spec_.kernel.w);
    const auto* plain = static_cast<const float*>(tensors_.weight.data);
    // Plain [channel][position] -> [channel block][position][channel in block].
    const auto blocked_place = [&](std::size_t c, std::size_t k) { return (c / block * positions + k) * block + c % block; };
    for (std::size_t c = 0; c < in.channels; ++c)
        for (std::size_t k = 0; k < positions; ++k) weights_[blocked_place(c, k)] = plain[c * positions + k];
    std::fill(sums_.begin(), sums_.end(), 0.0f);

    const auto* x = static_cast<const float*>(tensors_.x.data);
    const auto* dy = static_cast<const float*>(tensors_.dy.data);
    auto* dx = static_cast<float*>(tensors_.dx.data);
    for (std::size_t plane = 0; plane < in.batch * in.blocks; ++plane) {
        const std::size_t kernel = plane % in.blocks * positions * block;
        const float* plane_dy = dy + plane * out.pixels * block;
        if (dx) input_gradient<block>(in.pixels, weights_.data() + kernel, plane_dy, dx + plane * in.pixels * block);
        if (tensors_.dweight) weight_gradient<block>(x + plane * in.pixels * block, plane_dy, sums_.data() + kernel);
    }
    if (!tensors_.dweight) return;
    auto* dweight = static_cast<float*>(tensors_.dweight.data);
    for (std::size_t c = 0; c < in.channels; ++c)
        for (std::size_t k = 0; k < positions; ++k) dweight[c * positions + k] = sums_[blocked_place(c, k)];
}

template <int block>
void DepthwiseGradient::input_gradient(std::size_t pixels, const float* weight, const float* dy, float* dx) const {
    std::fill_n(dx, pixels * block, 0.0f);
    for_each_row(spec_, tensors_.x.shape, tensors_.y.shape, [&](int k, int in, int out, int count, int step) {
        const float* __restrict w = weight + k * block;
        const float* __restrict from = dy + out * block;
        float* __restrict to = dx + in * block;
        for (int p = 0; p < count; ++p, from += block, to += step * block)
            for (int c = 0; c < block; ++c) to[c] += w[c] * from[c];
    });
}

template <int block>
void DepthwiseGradient::weight_gradient(const float* x, const float* dy, float* sums) const {
    for_each_row(spec_, tensors_.x.shape, tensors_.y.shape, [&](int k, int in, int out, int count, int step) {
        const float* __restrict a = x + in * block;
        const float* __restrict b = dy + out * block;
        float row[block] = {};
        for (int p = 0; p < count; ++p, a += step * block, b += block)
            for (int c = 0; c < block; ++c) row[c] += a[c] * b[c];
        for (int c = 0; c < block; ++c) sums[k * block + c] += row[c];
    });
}

}  // namespace atnas::backend::onednn
