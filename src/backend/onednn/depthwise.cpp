// SPDX-License-Identifier: Apache-2.0
#include "depthwise.hpp"

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
                visit(kh * spec.kernel.w + kw, ih * in.w + first * spec.stride.w + shift, oh * out.w + first,
                      last - first, spec.stride.w);
            }
        }
}

/// One filter per channel, no bias.
bool is_depthwise(const ConvolutionSpec& spec, const ConvolutionTensors& t) {
    const int channels = t.x.shape.c;
    return spec.groups == channels && channels > 1 && t.y.shape.c == channels && !t.bias &&
           t.x.layout == Layout::native;
}

}  // namespace

bool Depthwise::lacks_forward(const OnednnKit& kit, const ConvolutionSpec& spec, const ConvolutionTensors& t) noexcept {
    return is_depthwise(spec, t) && t.x.shape.c % kit.block != 0;
}

bool Depthwise::lacks_backward(const OnednnKit& kit, const ConvolutionSpec& spec,
                               const ConvolutionTensors& t) noexcept {
    return is_depthwise(spec, t) && (t.x.shape.c % kit.block != 0 || spec.dilation.h > 1 || spec.dilation.w > 1);
}

Depthwise::Depthwise(const OnednnKit& kit, const ConvolutionSpec& spec, const ConvolutionTensors& tensors)
    : spec_(spec),
      tensors_(tensors),
      block_(kit.block),
      positions_(static_cast<std::size_t>(spec.kernel.h * spec.kernel.w)) {
    const Blocked map(tensors.x.shape, block_);
    const std::size_t count = map.blocks * map.block * positions_;
    weights_.resize(count);
    sums_.resize(count);
    rows_ = taps(tensors.x.shape.h, tensors.y.shape.h, spec.kernel.h, spec.stride.h, spec.pad.h, spec.dilation.h);
    columns_ = taps(tensors.x.shape.w, tensors.y.shape.w, spec.kernel.w, spec.stride.w, spec.pad.w, spec.dilation.w);
}

std::vector<std::vector<Depthwise::Tap>> Depthwise::taps(int in, int out, int kernel, int stride, int pad,
                                                         int dilation) {
    std::vector<std::vector<Tap>> of_input(static_cast<std::size_t>(in));
    for (int position = 0; position < kernel; ++position)
        for (int output = 0; output < out; ++output) {
            const int input = output * stride - pad + position * dilation;
            if (input >= 0 && input < in) of_input[static_cast<std::size_t>(input)].push_back({position, output});
        }
    return of_input;
}

void Depthwise::forward() {
    load_weights();
    block_ == 16 ? forward_blocked<16>() : forward_blocked<8>();
}

void Depthwise::backward() {
    load_weights();
    block_ == 16 ? backward_blocked<16>() : backward_blocked<8>();
}

std::size_t Depthwise::place(std::size_t channel, std::size_t position) const noexcept {
    const auto block = static_cast<std::size_t>(block_);
    return (channel / block * positions_ + position) * block + channel % block;
}

void Depthwise::load_weights() {
    const auto* plain = static_cast<const float*>(tensors_.weight.data);
    for (std::size_t c = 0; c < static_cast<std::size_t>(tensors_.x.shape.c); ++c)
        for (std::size_t k = 0; k < positions_; ++k) weights_[place(c, k)] = plain[c * positions_ + k];
}

template <int block>
void Depthwise::forward_blocked() {
    const Blocked in(tensors_.x.shape, block);
    const Blocked out(tensors_.y.shape, block);
    const auto* x = static_cast<const float*>(tensors_.x.data);
    auto* y = static_cast<float*>(tensors_.y.data);
    std::fill_n(y, out.count(), 0.0f);
    for (std::size_t plane = 0; plane < in.batch * in.blocks; ++plane) {
        const float* weight = weights_.data() + plane % in.blocks * positions_ * block;
        const float* plane_x = x + plane * in.pixels * block;
        float* plane_y = y + plane * out.pixels * block;
        for_each_row(spec_, tensors_.x.shape, tensors_.y.shape, [&](int k, int from, int to, int count, int step) {
            const float* __restrict w = weight + k * block;
            const float* __restrict a = plane_x + from * block;
            float* __restrict b = plane_y + to * block;
            for (int p = 0; p < count; ++p, a += step * block, b += block)
                for (int c = 0; c < block; ++c) b[c] += w[c] * a[c];
        });
    }
}

template <int block>
void Depthwise::backward_blocked() {
    const Blocked in(tensors_.x.shape, block);
    const Blocked out(tensors_.y.shape, block);
    std::fill(sums_.begin(), sums_.end(), 0.0f);
    const auto* x = static_cast<const float*>(tensors_.x.data);
    const auto* dy = static_cast<const float*>(tensors_.dy.data);
    auto* dx = static_cast<float*>(tensors_.dx.data);
    for (std::size_t plane = 0; plane < in.batch * in.blocks; ++plane) {
        const std::size_t kernel = plane % in.blocks * positions_ * block;
        const float* plane_dy = dy + plane * out.pixels * block;
        if (dx) input_gradient<block>(weights_.data() + kernel, plane_dy, dx + plane * in.pixels * block);
        if (tensors_.dweight) weight_gradient<block>(x + plane * in.pixels * block, plane_dy, sums_.data() + kernel);
    }
    if (!tensors_.dweight) return;
    auto* dweight = static_cast<float*>(tensors_.dweight.data);
    for (std::size_t c = 0; c < in.channels; ++c)
        for (std::size_t k = 0; k < positions_; ++k) dweight[c * positions_ + k] = sums_[place(c, k)];
}

/// Gathers, so that a sum stays in registers and every element of dx is written once.
template <int block>
void Depthwise::input_gradient(const float* weight, const float* dy, float* dx) const {
    const int width = tensors_.y.shape.w;
    for (const std::vector<Tap>& row : rows_)
        for (const std::vector<Tap>& column : columns_) {
            float sum[block] = {};
            for (const Tap& r : row)
                for (const Tap& t : column) {
                    const float* __restrict w = weight + (r.position * spec_.kernel.w + t.position) * block;
                    const float* __restrict from = dy + (r.output * width + t.output) * block;
                    for (int c = 0; c < block; ++c) sum[c] += w[c] * from[c];
                }
            std::copy_n(sum, block, dx);
            dx += block;
        }
}

template <int block>
void Depthwise::weight_gradient(const float* x, const float* dy, float* sums) const {
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
