// SPDX-License-Identifier: Apache-2.0
#include "op_cases.hpp"

#include <fmt/format.h>

namespace atnas::test {

using backend::Extent;
using backend::Layout;
using backend::Shape;
using backend::Tensor;

namespace {

std::string text(const Shape& s) {
    return fmt::format("{}x{}x{}x{}", s.n, s.c, s.h, s.w);
}

std::string text(const Extent& e) {
    return e.h == e.w ? fmt::format("{}", e.h) : fmt::format("{}x{}", e.h, e.w);
}

const char* suffix(Layout layout) {
    return layout == Layout::plain ? "_plain" : "";
}

Shape window_shape(const Shape& x, int channels, Extent kernel, Extent stride, Extent pad, Extent dilation = {}) {
    return {x.n, channels, backend::window_output(x.h, kernel.h, stride.h, pad.h, dilation.h),
            backend::window_output(x.w, kernel.w, stride.w, pad.w, dilation.w)};
}

/// Every class in turn.
Tensor labels(OpBench& bench, int images, int classes) {
    std::vector<double> values(static_cast<std::size_t>(images));
    for (std::size_t n = 0; n < values.size(); ++n)
        values[n] = static_cast<double>(n % static_cast<std::size_t>(classes));
    return bench.constant({images, 1, 1, 1}, values);
}

/// Rows that sum to 1, with zeros among them.
Tensor probabilities(OpBench& bench, int images, int classes) {
    std::vector<double> values;
    for (int n = 0; n < images; ++n) {
        double sum = 0;
        for (int c = 0; c < classes; ++c) sum += (n + 2 * c) % (classes + 1);
        for (int c = 0; c < classes; ++c) values.push_back((n + 2 * c) % (classes + 1) / sum);
    }
    return bench.constant({images, classes, 1, 1}, values);
}

}  // namespace

backend::ConvolutionSpec same(int kernel, int stride, int dilation, int groups) {
    const int pad = dilation * (kernel - 1) / 2;
    return {.kernel = {kernel, kernel},
            .stride = {stride, stride},
            .pad = {pad, pad},
            .dilation = {dilation, dilation},
            .groups = groups};
}

backend::PoolSpec window(backend::PoolKind kind, int kernel, int stride, int pad) {
    return {.kind = kind, .kernel = {kernel, kernel}, .stride = {stride, stride}, .pad = {pad, pad}};
}

OpCase convolution_case(Shape x, int outputs, const backend::ConvolutionSpec& spec, Bias bias, Layout layout) {
    const std::string name = fmt::format("convolution_{}_to{}_k{}_s{}_p{}_d{}_g{}{}{}", text(x), outputs,
                                         text(spec.kernel), text(spec.stride), text(spec.pad), text(spec.dilation),
                                         spec.groups, bias == Bias::yes ? "_bias" : "", suffix(layout));
    return {
        name, [=](OpBench& bench) {
            const Shape y = window_shape(x, outputs, spec.kernel, spec.stride, spec.pad, spec.dilation);
            const auto in = bench.input("x", x, layout);
            const auto weight = bench.parameter("weight", {outputs, x.c / spec.groups, spec.kernel.h, spec.kernel.w});
            const auto shift = bias == Bias::yes ? bench.parameter("bias", {1, outputs, 1, 1}) : Pair{};
            const auto out = bench.output("y", y, Layout::native);
            return bench.backend().convolution(spec, {.x = in.value,
                                                      .dx = in.gradient,
                                                      .weight = weight.value,
                                                      .dweight = weight.gradient,
                                                      .bias = shift.value,
                                                      .dbias = shift.gradient,
                                                      .y = out.value,
                                                      .dy = out.gradient});
        }};
}

OpCase pool_case(Shape x, const backend::PoolSpec& spec) {
    const std::string name =
        fmt::format("{}_pool_{}_k{}_s{}_p{}", spec.kind == backend::PoolKind::max ? "max" : "average", text(x),
                    text(spec.kernel), text(spec.stride), text(spec.pad));
    return {name, [=](OpBench& bench) {
                const auto in = bench.input("x", x, Layout::native);
                const auto out =
                    bench.output("y", window_shape(x, x.c, spec.kernel, spec.stride, spec.pad), Layout::native);
                return bench.backend().pool(spec, {in.value, in.gradient, out.value, out.gradient});
            }};
}

OpCase global_average_case(Shape x) {
    return pool_case(x, {.kind = backend::PoolKind::average, .kernel = {x.h, x.w}, .stride = {1, 1}, .pad = {0, 0}});
}

OpCase norm_case(Shape x, const backend::NormSpec& spec, Affine affine) {
    const bool batch = spec.statistics == backend::NormStatistics::batch;
    const std::string name =
        fmt::format("norm_{}{}{}{}", text(x), batch ? "_batch" : "_given",
                    spec.relu == backend::NormRelu::yes ? "_relu" : "", affine == Affine::yes ? "_affine" : "");
    return {name, [=](OpBench& bench) {
                const Shape per_channel{1, x.c, 1, 1};
                backend::NormTensors t;
                const auto in = bench.input("x", x, Layout::native);
                t.x = in.value;
                t.dx = in.gradient;
                if (affine == Affine::yes) {
                    const auto scale = bench.parameter("scale", per_channel);
                    const auto shift = bench.parameter("shift", per_channel);
                    t.scale = scale.value;
                    t.dscale = scale.gradient;
                    t.shift = shift.value;
                    t.dshift = shift.gradient;
                }
                if (batch) {
                    t.mean = bench.result("mean", per_channel);
                    t.variance = bench.result("variance", per_channel);
                } else {
                    auto variance = bench.spread(per_channel.count());
                    for (double& value : variance) value = 1.0 + 0.5 * value;
                    // Never a value of x, where the ReLU has its kink.
                    auto mean = bench.spread(per_channel.count());
                    for (double& value : mean) value *= 0.37;
                    t.mean = bench.constant(per_channel, mean);
                    t.variance = bench.constant(per_channel, variance);
                }
                const auto out = bench.output("y", x, Layout::native);
                t.y = out.value;
                t.dy = out.gradient;
                return bench.backend().norm(spec, t);
            }};
}

std::vector<OpCase> norm_cases(Shape x) {
    std::vector<OpCase> cases;
    for (const auto statistics : {backend::NormStatistics::batch, backend::NormStatistics::given})
        for (const auto relu : {backend::NormRelu::no, backend::NormRelu::yes})
            for (const auto affine : {Affine::no, Affine::yes})
                cases.push_back(norm_case(x, {.statistics = statistics, .relu = relu}, affine));
    return cases;
}

OpCase fan_out_case(Shape x, int direct, int rectified, Layout layout) {
    const std::string name =
        fmt::format("fan_out_{}_direct{}_rectified{}{}", text(x), direct, rectified, suffix(layout));
    return {name, [=](OpBench& bench) {
                backend::FanOutTensors t;
                const auto in = bench.input("x", x, layout);
                t.x = in.value;
                t.dx = in.gradient;
                for (int k = 0; k < direct; ++k) t.direct.push_back(bench.consumed({"x", in.value}).gradient);
                if (rectified > 0) t.relu = bench.result("relu", x, layout);
                for (int k = 0; k < rectified; ++k) t.rectified.push_back(bench.consumed({"relu", t.relu}).gradient);
                return bench.backend().fan_out(t);
            }};
}

OpCase sum_case(Shape x, int inputs) {
    return {fmt::format("sum_{}_of{}", text(x), inputs), [=](OpBench& bench) {
                backend::SumTensors t;
                for (int k = 0; k < inputs; ++k)
                    t.x.push_back(bench.constant(x, bench.spread(x.count()), Layout::native));
                t.y = bench.output("y", x, Layout::native).value;
                return bench.backend().sum(t);
            }};
}

OpCase image_scale_case(Shape x) {
    return {fmt::format("image_scale_{}", text(x)), [=](OpBench& bench) {
                const auto in = bench.input("x", x, Layout::native);
                std::vector<double> factors;
                for (int n = 0; n < x.n; ++n) factors.push_back(n % 3 == 1 ? 0 : 1.25 + n);
                const Tensor scales = bench.constant({x.n, 1, 1, 1}, factors);
                const auto out = bench.output("y", x, Layout::native);
                return bench.backend().image_scale({in.value, in.gradient, scales, out.value, out.gradient});
            }};
}

OpCase subsample_case(Shape x, int offset) {
    return {fmt::format("subsample_{}_offset{}", text(x), offset), [=](OpBench& bench) {
                const auto in = bench.input("x", x, Layout::native);
                const auto out = bench.output("y", {x.n, x.c, (x.h + 1) / 2, (x.w + 1) / 2}, Layout::native);
                return bench.backend().subsample({offset}, {in.value, in.gradient, out.value, out.gradient});
            }};
}

OpCase concat_case(Shape first, const std::vector<int>& channels) {
    return {fmt::format("concat_{}_{}", text(first), fmt::join(channels, "_")), [=](OpBench& bench) {
                backend::ConcatTensors t;
                Shape whole = first;
                whole.c = 0;
                for (const int c : channels) {
                    const auto in =
                        bench.input(fmt::format("x{}", t.x.size()), {first.n, c, first.h, first.w}, Layout::native);
                    t.x.push_back(in.value);
                    t.dx.push_back(in.gradient);
                    whole.c += c;
                }
                const auto out = bench.output("y", whole, Layout::native);
                t.y = out.value;
                t.dy = out.gradient;
                return bench.backend().concat(t);
            }};
}

OpCase flatten_case(Shape x) {
    return {fmt::format("flatten_{}", text(x)), [=](OpBench& bench) {
                const auto in = bench.input("x", x, Layout::native);
                const auto out = bench.output("y", {x.n, x.c * x.h * x.w, 1, 1}, Layout::plain);
                return bench.backend().flatten({in.value, in.gradient, out.value, out.gradient});
            }};
}

OpCase feature_scale_case(int images, int features, const backend::FeatureScaleSpec& spec) {
    const char* const length = spec.length == backend::RowLength::one ? "_of_length_one" : "";
    return {fmt::format("feature_scale_{}x{}{}", images, features, length), [=](OpBench& bench) {
                const backend::Shape shape{images, features, 1, 1};
                const auto in = bench.input("x", shape, Layout::plain);
                const auto log_scale = bench.parameter("log_scale", {1, 1, 1, 1});
                const auto out = bench.output("y", shape, Layout::plain);
                return bench.backend().feature_scale(
                    spec, {in.value, in.gradient, log_scale.value, log_scale.gradient, out.value, out.gradient});
            }};
}

OpCase linear_case(int images, int features, int classes) {
    return {fmt::format("linear_{}x{}_to{}", images, features, classes), [=](OpBench& bench) {
                const auto in = bench.input("x", {images, features, 1, 1}, Layout::plain);
                const auto weight = bench.parameter("weight", {classes, features, 1, 1});
                const auto bias = bench.parameter("bias", {1, classes, 1, 1});
                const auto out = bench.output("y", {images, classes, 1, 1}, Layout::plain);
                return bench.backend().linear({in.value, in.gradient, weight.value, weight.gradient, bias.value,
                                               bias.gradient, out.value, out.gradient});
            }};
}

OpCase loss_case(int images, int classes, Targets targets) {
    const char* const soft = targets == Targets::soft ? "_soft" : "";
    return {fmt::format("softmax_loss_{}x{}{}", images, classes, soft), [=](OpBench& bench) {
                const auto logits = bench.input("logits", {images, classes, 1, 1}, Layout::plain);
                const auto result = bench.result("result", {1, 2, 1, 1});
                bench.project({"result", result}, {1.0, 0.0});
                const Tensor wanted = targets == Targets::soft ? probabilities(bench, images, classes) : Tensor{};
                return bench.backend().softmax_loss(
                    {logits.value, logits.gradient, labels(bench, images, classes), result, wanted});
            }};
}

OpCase prototype_case(int images, int features, int classes, const backend::PrototypeSpec& spec) {
    const char* const cosine = spec.similarity == backend::Similarity::cosine ? "_cosine" : "";
    return {fmt::format("prototype_head_{}x{}_to{}{}", images, features, classes, cosine), [=](OpBench& bench) {
                const auto in = bench.input("x", {images, features, 1, 1}, Layout::plain);
                const auto weight = bench.output("weight", {classes, features, 1, 1}, Layout::plain);
                const auto bias = bench.output("bias", {1, classes, 1, 1}, Layout::plain);
                return bench.backend().prototype_head(spec, {in.value, in.gradient, labels(bench, images, classes),
                                                             weight.value, weight.gradient, bias.value, bias.gradient});
            }};
}

}  // namespace atnas::test
