// SPDX-License-Identifier: Apache-2.0
/// \file
/// The loops of convolutions. Rows are the innermost loops, so that the compiler can vectorise them.

#include "cudnn_geometry.hpp"

#include <algorithm>
#include <array>

namespace cuda_sim::dnn {
namespace {

/// 0 for a window that is larger than the image with its padding.
int output_size(int in, int kernel, int pad, int stride, int dilation) {
    const int room = in + 2 * pad - ((kernel - 1) * dilation + 1);
    return room < 0 ? 0 : 1 + room / stride;
}

/// Outputs [first, last) of one axis whose input under one tap lies inside the image.
struct Span {
    int first;
    int last;
};
Span inside(int tap_offset, int in, int out, int stride) {
    const int first = tap_offset >= 0 ? 0 : (-tap_offset + stride - 1) / stride;
    const int last = in - tap_offset <= 0 ? 0 : (in - tap_offset - 1) / stride + 1;
    return {first, std::min(last, out)};
}

/// Calls row(x offset, y offset, count) for all rows of outputs under one tap; offsets in their planes.
template <class Row>
void for_rows(const Geometry& g, int kh, int kw, Row row) {
    const auto& c = g.conv;
    const int offset_h = kh * c.dilation_h - c.pad_h;
    const int offset_w = kw * c.dilation_w - c.pad_w;
    const Span rows = inside(offset_h, g.x.h, g.y.h, c.stride_h);
    const Span columns = inside(offset_w, g.x.w, g.y.w, c.stride_w);
    if (columns.first >= columns.last) return;
    for (int i = rows.first; i < rows.last; ++i) {
        row((i * c.stride_h + offset_h) * g.x.w + columns.first * c.stride_w + offset_w, i * g.y.w + columns.first,
            columns.last - columns.first);
    }
}

/// Dot product in eight lanes, which the compiler may not make by itself.
float dot(const float* a, int stride, const float* b, int count) {
    if (stride != 1) {
        float sum = 0.0f;
        for (int i = 0; i < count; ++i) sum += a[i * stride] * b[i];
        return sum;
    }
    std::array<float, 8> lanes{};
    int i = 0;
    for (; i + 8 <= count; i += 8) {
        for (int lane = 0; lane < 8; ++lane) lanes[static_cast<std::size_t>(lane)] += a[i + lane] * b[i + lane];
    }
    float sum = 0.0f;
    for (const float lane : lanes) sum += lane;
    for (; i < count; ++i) sum += a[i] * b[i];
    return sum;
}

std::size_t size(int value) {
    return static_cast<std::size_t>(value);
}

/// Calls tap(input channel, output channel, kh, kw, offset of the weight).
template <class Tap>
void for_taps(const Geometry& g, int first_output, int last_output, int first_input, int last_input, Tap tap) {
    const int outputs_of_group = g.w.n / g.conv.groups;
    for (int co = first_output; co < last_output; ++co) {
        const int group_input = co / outputs_of_group * g.w.c;
        const int from = std::max(first_input, group_input);
        const int to = std::min(last_input, group_input + g.w.c);
        for (int ci = from; ci < to; ++ci) {
            for (int kh = 0; kh < g.w.h; ++kh) {
                for (int kw = 0; kw < g.w.w; ++kw) {
                    tap(ci, co, kh, kw,
                        ((size(co) * size(g.w.c) + size(ci - group_input)) * size(g.w.h) + size(kh)) * size(g.w.w) +
                            size(kw));
                }
            }
        }
    }
}

void blend_all(const std::vector<float>& values, float alpha, float beta, float* to) {
    for (std::size_t i = 0; i < values.size(); ++i) blend(to[i], alpha, values[i], beta);
}

}  // namespace

double Geometry::work() const noexcept {
    return static_cast<double>(y.count()) * static_cast<double>(w.c) * static_cast<double>(w.plane());
}

std::optional<Geometry> make_geometry(const Tensor& x, const Filter& w, const Convolution& conv, const Tensor& y) {
    const bool channels = x.c == w.c * conv.groups && w.n % conv.groups == 0 && y.c == w.n && x.n == y.n;
    const bool sizes = y.h == output_size(x.h, w.h, conv.pad_h, conv.stride_h, conv.dilation_h) &&
                       y.w == output_size(x.w, w.w, conv.pad_w, conv.stride_w, conv.dilation_w);
    if (!channels || !sizes) return std::nullopt;
    return Geometry{x, y, w, conv};
}

void convolve_forward(const Geometry& g, float alpha, const float* x, const float* w, float beta, float* y) {
    std::vector<float> plane(g.y.plane());
    for (int n = 0; n < g.x.n; ++n) {
        for (int co = 0; co < g.y.c; ++co) {
            std::fill(plane.begin(), plane.end(), 0.0f);
            for_taps(g, co, co + 1, 0, g.x.c, [&](int ci, int, int kh, int kw, std::size_t weight) {
                const float* image = x + (size(n) * size(g.x.c) + size(ci)) * g.x.plane();
                const float factor = w[weight];
                for_rows(g, kh, kw, [&](int from, int to, int count) {
                    const float* in = image + from;
                    float* out = plane.data() + to;
                    if (g.conv.stride_w == 1) {
                        for (int i = 0; i < count; ++i) out[i] += factor * in[i];
                    } else {
                        for (int i = 0; i < count; ++i) out[i] += factor * in[i * g.conv.stride_w];
                    }
                });
            });
            blend_all(plane, alpha, beta, y + (size(n) * size(g.y.c) + size(co)) * g.y.plane());
        }
    }
}

void convolve_backward_data(const Geometry& g, float alpha, const float* w, const float* dy, float beta, float* dx) {
    std::vector<float> plane(g.x.plane());
    const int outputs_of_group = g.w.n / g.conv.groups;
    for (int n = 0; n < g.x.n; ++n) {
        for (int ci = 0; ci < g.x.c; ++ci) {
            std::fill(plane.begin(), plane.end(), 0.0f);
            const int first_output = ci / g.w.c * outputs_of_group;
            for_taps(g, first_output, first_output + outputs_of_group, ci, ci + 1,
                     [&](int, int co, int kh, int kw, std::size_t weight) {
                         const float* gradient = dy + (size(n) * size(g.y.c) + size(co)) * g.y.plane();
                         const float factor = w[weight];
                         for_rows(g, kh, kw, [&](int to, int from, int count) {
                             const float* in = gradient + from;
                             float* out = plane.data() + to;
                             if (g.conv.stride_w == 1) {
                                 for (int i = 0; i < count; ++i) out[i] += factor * in[i];
                             } else {
                                 for (int i = 0; i < count; ++i) out[i * g.conv.stride_w] += factor * in[i];
                             }
                         });
                     });
            blend_all(plane, alpha, beta, dx + (size(n) * size(g.x.c) + size(ci)) * g.x.plane());
        }
    }
}

void convolve_backward_filter(const Geometry& g, float alpha, const float* x, const float* dy, float beta, float* dw) {
    for_taps(g, 0, g.y.c, 0, g.x.c, [&](int ci, int co, int kh, int kw, std::size_t weight) {
        // Sums of rows in double: there are many, and a device adds them in a tree.
        double sum = 0.0;
        for (int n = 0; n < g.x.n; ++n) {
            const float* image = x + (size(n) * size(g.x.c) + size(ci)) * g.x.plane();
            const float* gradient = dy + (size(n) * size(g.y.c) + size(co)) * g.y.plane();
            for_rows(g, kh, kw, [&](int from_x, int from_y, int count) {
                sum += dot(image + from_x, g.conv.stride_w, gradient + from_y, count);
            });
        }
        blend(dw[weight], alpha, static_cast<float>(sum), beta);
    });
}

}  // namespace cuda_sim::dnn
