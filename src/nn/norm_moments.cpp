// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/norm_moments.hpp"

#include <algorithm>

#include "atnas/core/contract.hpp"

namespace atnas::nn {
namespace {

std::size_t channels_of(const Graph& graph, const Node& node) {
    return static_cast<std::size_t>(graph.values()[static_cast<std::size_t>(node.inputs.front())].shape.c);
}

std::size_t size_of(const Graph& graph) {
    std::size_t size = 0;
    for (const Node& node : graph.nodes())
        if (node.kind == NodeKind::norm) size += 2 * aligned(channels_of(graph, node));
    return std::max(size, aligned(1));  // a buffer is never empty
}

}  // namespace

NormMoments::NormMoments(Arena& arena, const Graph& graph) : size_(size_of(graph)), values_(arena.take_buffer(size_)) {
    place(graph);
}

NormMoments::NormMoments(backend::Backend& backend, const Graph& graph)
    : size_(size_of(graph)), values_(backend.allocate(size_)) {
    place(graph);
}

void NormMoments::place(const Graph& graph) {
    std::size_t first = 0;
    for (const Node& node : graph.nodes()) {
        Tensors tensors;
        if (node.kind == NodeKind::norm) {
            const std::size_t channels = channels_of(graph, node);
            const backend::Shape vector{1, static_cast<int>(channels), 1, 1};
            tensors.mean = backend::view(*values_, first, vector);
            tensors.variance = backend::view(*values_, first + aligned(channels), vector);
            first += 2 * aligned(channels);
        }
        tensors_.push_back(tensors);
    }
}

void NormMoments::add(backend::Backend& backend, backend::Context& context, double weight, const NormMoments& other) {
    ATNAS_EXPECT(size_ == other.size_);
    backend.axpy(context, weight, *other.values_, 0, *values_, {0, size_});
}

void NormMoments::set(backend::Backend& backend, backend::Context& context, const NormMoments& other) {
    ATNAS_EXPECT(size_ == other.size_);
    backend.copy(context, *other.values_, 0, *values_, {0, size_});
}

std::vector<float> NormMoments::values(backend::Backend& backend, backend::Context& context) const {
    std::vector<float> all;
    for (const Tensors& node : tensors_)
        for (const backend::Tensor* tensor : {&node.mean, &node.variance}) {
            if (!*tensor) continue;
            const std::size_t first = all.size();
            all.resize(first + tensor->shape.count());
            backend.read(context, *tensor, std::span(all).subspan(first));
        }
    return all;
}

void NormMoments::set_values(backend::Backend& backend, backend::Context& context, std::span<const float> values) {
    for (const Tensors& node : tensors_)
        for (const backend::Tensor* tensor : {&node.mean, &node.variance}) {
            if (!*tensor) continue;
            ATNAS_EXPECT(tensor->shape.count() <= values.size());
            backend.write(context, *tensor, values.first(tensor->shape.count()));
            values = values.subspan(tensor->shape.count());
        }
    ATNAS_EXPECT(values.empty());
}

}  // namespace atnas::nn
