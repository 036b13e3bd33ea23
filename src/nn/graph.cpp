#include "atnas/nn/graph.hpp"

#include <algorithm>
#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::nn {

using backend::Layout;
using backend::Shape;

Graph::Graph(Manifest& manifest, const Shape& image) : manifest_(manifest), values_{{image, Layout::plain}} {}

ValueId Graph::append(Node node, const Shape& output, Layout layout) {
    values_.push_back({output, layout});
    node.output = static_cast<ValueId>(values_.size()) - 1;
    nodes_.push_back(std::move(node));
    return nodes_.back().output;
}

BlockId Graph::use(const std::string& name, const Shape& shape, Initial initial) {
    const BlockId id = manifest_.require(name, shape, initial);
    if (std::find(blocks_.begin(), blocks_.end(), id) == blocks_.end()) blocks_.push_back(id);
    return id;
}

ValueId Graph::convolution(ValueId x, int channels, const backend::ConvolutionSpec& spec, const std::string& name,
                           space::ConvBias bias) {
    const Shape in = shape(x);
    ATNAS_EXPECT(in.c % spec.groups == 0 && channels % spec.groups == 0);
    Node node{NodeKind::convolution, {x}, -1};
    node.convolution = spec;
    node.blocks.push_back(
        use(name + "/weight", {channels, in.c / spec.groups, spec.kernel.h, spec.kernel.w}, Initial::he_normal));
    if (bias == space::ConvBias::yes) node.blocks.push_back(use(name + "/bias", {1, channels, 1, 1}, Initial::zero));
    return append(std::move(node),
                  {1, channels, backend::window_output(in.h, spec.kernel.h, spec.stride.h, spec.pad.h, spec.dilation.h),
                   backend::window_output(in.w, spec.kernel.w, spec.stride.w, spec.pad.w, spec.dilation.w)});
}

ValueId Graph::norm(ValueId x, space::NormAffine affine, const std::string& name, backend::NormRelu relu) {
    Node node{NodeKind::norm, {x}, -1};
    node.norm.relu = relu;
    if (affine == space::NormAffine::yes) {
        const Shape vector{1, shape(x).c, 1, 1};
        node.blocks = {use(name + "/scale", vector, Initial::one), use(name + "/shift", vector, Initial::zero)};
    }
    return append(std::move(node), shape(x));
}

ValueId Graph::pool(ValueId x, const backend::PoolSpec& spec) {
    const Shape in = shape(x);
    Node node{NodeKind::pool, {x}, -1};
    node.pool = spec;
    return append(std::move(node), {1, in.c, backend::window_output(in.h, spec.kernel.h, spec.stride.h, spec.pad.h, 1),
                                    backend::window_output(in.w, spec.kernel.w, spec.stride.w, spec.pad.w, 1)});
}

ValueId Graph::relu(ValueId x) {
    ATNAS_EXPECT(x != 0);  // made where its source is, and nothing makes the image
    const auto [position, fresh] = relus_.try_emplace(x, static_cast<ValueId>(values_.size()));
    if (fresh) {
        Value value = values_[static_cast<std::size_t>(x)];
        value.relu_of = x;
        values_.push_back(value);
    }
    return position->second;
}

ValueId Graph::sum(std::vector<ValueId> x) {
    ATNAS_EXPECT(!x.empty());
    const Shape output = shape(x.front());
    return append({NodeKind::sum, std::move(x), -1}, output);
}

ValueId Graph::zeros(const Shape& shape) {
    return append({NodeKind::sum, {}, -1}, shape);
}

ValueId Graph::subsample(ValueId x, int offset) {
    const Shape in = shape(x);
    Node node{NodeKind::subsample, {x}, -1};
    node.subsample.offset = offset;
    return append(std::move(node), {1, in.c, (in.h + 1) / 2, (in.w + 1) / 2});
}

ValueId Graph::concat(std::vector<ValueId> x) {
    Shape output = shape(x.front());
    output.c = 0;
    for (const ValueId part : x) output.c += shape(part).c;
    return append({NodeKind::concat, std::move(x), -1}, output);
}

ValueId Graph::flatten(ValueId x) {
    return append({NodeKind::flatten, {x}, -1}, {1, static_cast<int>(shape(x).count()), 1, 1}, Layout::plain);
}

}  // namespace atnas::nn
