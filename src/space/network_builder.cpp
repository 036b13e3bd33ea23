// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/network_builder.hpp"

#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::space {

NetworkBuilder::NetworkBuilder(const Shape& image, Drops drops) : drops_(drops), shapes_{image} {}

void NetworkBuilder::add_relu(ValueId, ValueId) {}

ValueId NetworkBuilder::append(Operation operation, Shape output, const std::vector<Weight>& weights) {
    const auto id = static_cast<ValueId>(shapes_.size());
    shapes_.push_back(output);
    add(std::move(operation), id, weights);
    return id;
}

ValueId NetworkBuilder::convolution(ValueId x, int channels, const ConvolutionSpec& spec, const std::string& name,
                                    ConvBias bias) {
    const Shape in = shape(x);
    ATNAS_EXPECT(in.c % spec.groups == 0 && channels % spec.groups == 0);
    std::vector<Weight> weights{
        {name + "/weight", {channels, in.c / spec.groups, spec.kernel.h, spec.kernel.w}, Initial::he_normal}};
    if (bias == ConvBias::yes) weights.push_back({name + "/bias", {1, channels, 1, 1}, Initial::zero});
    const Shape output{1, channels, window_output(in.h, spec.kernel.h, spec.stride.h, spec.pad.h, spec.dilation.h),
                       window_output(in.w, spec.kernel.w, spec.stride.w, spec.pad.w, spec.dilation.w)};
    return append({.kind = OperationKind::convolution, .inputs = {x}, .convolution = spec}, output, weights);
}

ValueId NetworkBuilder::norm(ValueId x, NormAffine affine, const std::string& name, NormRelu relu) {
    std::vector<Weight> weights;
    if (affine == NormAffine::yes) {
        const Shape vector{1, shape(x).c, 1, 1};
        weights = {{name + "/scale", vector, Initial::one}, {name + "/shift", vector, Initial::zero}};
    }
    return append({.kind = OperationKind::norm, .inputs = {x}, .norm = {.relu = relu}}, shape(x), weights);
}

ValueId NetworkBuilder::pool(ValueId x, const PoolSpec& spec) {
    const Shape in = shape(x);
    return append({.kind = OperationKind::pool, .inputs = {x}, .pool = spec},
                  {1, in.c, window_output(in.h, spec.kernel.h, spec.stride.h, spec.pad.h, 1),
                   window_output(in.w, spec.kernel.w, spec.stride.w, spec.pad.w, 1)});
}

ValueId NetworkBuilder::relu(ValueId x) {
    ATNAS_EXPECT(x != 0);  // made where its source is, and nothing makes the image
    const auto [position, fresh] = relus_.try_emplace(x, static_cast<ValueId>(shapes_.size()));
    if (fresh) {
        shapes_.push_back(Shape(shape(x)));
        add_relu(x, position->second);
    }
    return position->second;
}

ValueId NetworkBuilder::sum(std::vector<ValueId> x) {
    ATNAS_EXPECT(!x.empty());
    const Shape output = shape(x.front());
    return append({.kind = OperationKind::sum, .inputs = std::move(x)}, output);
}

ValueId NetworkBuilder::zeros(const Shape& shape) {
    return append({.kind = OperationKind::sum, .inputs = {}}, shape);
}

ValueId NetworkBuilder::subsample(ValueId x, int offset) {
    const Shape in = shape(x);
    return append({.kind = OperationKind::subsample, .inputs = {x}, .subsample = {offset}},
                  {1, in.c, (in.h + 1) / 2, (in.w + 1) / 2});
}

ValueId NetworkBuilder::drop(ValueId x) {
    if (drops_ == Drops::no) return x;
    return append({.kind = OperationKind::drop, .inputs = {x}}, Shape(shape(x)));
}

ValueId NetworkBuilder::concat(std::vector<ValueId> x) {
    Shape output = shape(x.front());
    output.c = 0;
    for (const ValueId part : x) output.c += shape(part).c;
    return append({.kind = OperationKind::concat, .inputs = std::move(x)}, output);
}

ValueId NetworkBuilder::flatten(ValueId x) {
    return append({.kind = OperationKind::flatten, .inputs = {x}}, {1, static_cast<int>(shape(x).count()), 1, 1});
}

}  // namespace atnas::space
