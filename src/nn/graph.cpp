// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/graph.hpp"

#include <algorithm>
#include <utility>

namespace atnas::nn {

using backend::Layout;

Graph::Graph(Manifest& manifest, const backend::Shape& image, space::Drops drops)
    : NetworkBuilder(image, drops), manifest_(manifest), values_{{image, Layout::plain}} {}

void Graph::add(space::Operation operation, ValueId output, const std::vector<space::Weight>& weights) {
    values_.push_back({shape(output), operation.kind == NodeKind::flatten ? Layout::plain : Layout::native});
    std::vector<BlockId> blocks;
    for (const space::Weight& weight : weights) {
        blocks.push_back(manifest_.require(weight.name, weight.shape, weight.initial));
        if (std::ranges::find(blocks_, blocks.back()) == blocks_.end()) blocks_.push_back(blocks.back());
    }
    nodes_.push_back({std::move(operation), output, std::move(blocks)});
}

int Graph::count_drops(std::size_t nodes) const noexcept {
    return static_cast<int>(std::count_if(nodes_.begin(), nodes_.begin() + static_cast<std::ptrdiff_t>(nodes),
                                          [](const Node& node) { return node.kind == NodeKind::drop; }));
}

void Graph::add_relu(ValueId x, ValueId) {
    Value value = values_[static_cast<std::size_t>(x)];
    value.relu_of = x;
    values_.push_back(value);
}

}  // namespace atnas::nn
