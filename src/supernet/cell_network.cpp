#include "atnas/supernet/cell_network.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "atnas/core/contract.hpp"

namespace atnas::supernet {
namespace {

using nn::Graph;
using nn::ValueId;
using space::CellOp;

/// Draws the parts of a network into a graph.
class CellBuilder {
  public:
    CellBuilder(nn::Manifest& manifest, const space::NetworkOptions& options)
        : options_(options), graph_(manifest, {1, options.image.channels, options.image.height, options.image.width}) {}

    /// nodes(inputs 0 and 1 and the nodes so far, node number, cell name, reduction cell?) draws one node.
    template <class Nodes>
    Graph build(Nodes nodes) {
        ValueId before = stem();
        ValueId last = before;
        bool after_reduction = false;
        channels_ = options_.channels;
        for (int cell = 0; cell < options_.cells; ++cell) {
            const bool reduction =
                std::find(options_.reductions.begin(), options_.reductions.end(), cell) != options_.reductions.end();
            if (reduction) channels_ *= options_.growth;
            const std::string name = "cell" + std::to_string(cell);
            std::vector<ValueId> values{after_reduction ? factorised_reduce(before, name + "/input0")
                                                        : relu_conv_norm(before, name + "/input0"),
                                        relu_conv_norm(last, name + "/input1")};
            for (int node = 0; node < space::nodes_of(options_.preset); ++node)
                values.push_back(nodes(*this, values, node, name, reduction));
            before = last;
            last = graph_.concat({values.begin() + 2, values.end()});
            after_reduction = reduction;
        }
        const auto& shape = graph_.shape(last);
        graph_.flatten(graph_.pool(last, {backend::PoolKind::average, {shape.h, shape.w}, {1, 1}}));
        return std::move(graph_);
    }

    /// Sum of edges; the sum of no edge is zero.
    ValueId node(const std::vector<ValueId>& values, const std::vector<space::CellEdge>& edges, int number,
                 const std::string& cell, bool reduction) {
        std::vector<ValueId> terms;
        for (const space::CellEdge& edge : edges) {
            if (edge.op == CellOp::none) continue;
            const std::string name = cell + "/node" + std::to_string(number + 2) + "/from" + std::to_string(edge.from) +
                                     "/" + std::string(space::name_of(edge.op));
            terms.push_back(operation(values[static_cast<std::size_t>(edge.from)], edge.op,
                                      reduction && edge.from < 2 ? 2 : 1, name));
        }
        if (!terms.empty()) return graph_.sum(std::move(terms));
        backend::Shape shape = graph_.shape(values.front());
        if (reduction) shape = {1, shape.c, (shape.h + 1) / 2, (shape.w + 1) / 2};
        return graph_.zeros(shape);
    }

  private:
    ValueId stem() {
        const int width = 3 * options_.channels;
        const backend::ConvolutionSpec conv3x3{.kernel = {3, 3}, .pad = {1, 1}};
        if (options_.stem == space::Stem::single)
            return graph_.norm(graph_.convolution(0, width, conv3x3, "stem/conv"), space::NormAffine::yes, "stem/norm");
        const backend::PoolSpec halve{backend::PoolKind::max, {2, 2}, {2, 2}};
        ValueId x =
            graph_.norm(graph_.convolution(0, width / 2, conv3x3, "stem/conv0"), space::NormAffine::yes, "stem/norm0");
        x = graph_.relu(graph_.pool(x, halve));
        return graph_.pool(
            graph_.norm(graph_.convolution(x, width, conv3x3, "stem/conv1"), space::NormAffine::yes, "stem/norm1"),
            halve);
    }

    ValueId norm(ValueId x, const std::string& name) { return graph_.norm(x, options_.affine, name + "/norm"); }

    ValueId relu_conv_norm(ValueId x, const std::string& name) {
        return norm(graph_.convolution(graph_.relu(x), channels_, {}, name + "/conv"), name);
    }

    /// Halves the grid without losing odd pixels: 1x1 convolutions on the even and on the odd grid, side by side.
    ValueId factorised_reduce(ValueId x, const std::string& name) {
        x = graph_.relu(x);
        const ValueId even = graph_.convolution(graph_.subsample(x, 0), channels_ / 2, {}, name + "/even");
        const ValueId odd = graph_.convolution(graph_.subsample(x, 1), channels_ - channels_ / 2, {}, name + "/odd");
        return norm(graph_.concat({even, odd}), name);
    }

    ValueId pool(ValueId x, backend::PoolKind kind, int stride, const std::string& name) {
        const ValueId pooled = graph_.pool(x, {kind, {3, 3}, {stride, stride}, {1, 1}});
        // DARTS never gives a pool's norm a scale.
        return graph_.norm(pooled,
                           options_.preset == space::CellPreset::darts ? space::NormAffine::no : options_.affine,
                           name + "/norm");
    }

    /// ReLU, depthwise k x k, pointwise, norm. \p part tells the two halves of a sep_conv apart.
    ValueId separable(ValueId x, int kernel, int stride, int dilation, const std::string& name,
                      const std::string& part) {
        const int pad = dilation * (kernel / 2);
        x = graph_.convolution(graph_.relu(x), channels_,
                               {{kernel, kernel}, {stride, stride}, {pad, pad}, {dilation, dilation}, channels_},
                               name + "/depthwise" + part);
        x = graph_.convolution(x, channels_, {}, name + "/pointwise" + part);
        return graph_.norm(x, options_.affine, name + "/norm" + part);
    }

    ValueId twice_separable(ValueId x, int kernel, int stride, const std::string& name) {
        return separable(separable(x, kernel, stride, 1, name, "1"), kernel, 1, 1, name, "2");
    }

    ValueId operation(ValueId x, CellOp op, int stride, const std::string& name) {
        switch (op) {
            case CellOp::max_pool_3x3:
                return pool(x, backend::PoolKind::max, stride, name);
            case CellOp::avg_pool_3x3:
                return pool(x, backend::PoolKind::average, stride, name);
            case CellOp::skip_connect:
                return stride == 1 ? x : factorised_reduce(x, name);
            case CellOp::conv_1x5_5x1:
                x = graph_.convolution(graph_.relu(x), channels_, {{1, 5}, {1, stride}, {0, 2}}, name + "/conv1x5");
                return norm(graph_.convolution(x, channels_, {{5, 1}, {stride, 1}, {2, 0}}, name + "/conv5x1"), name);
            case CellOp::conv_3x3:
                return separable(x, 3, stride, 1, name, "");
            case CellOp::sep_conv_3x3:
                return twice_separable(x, 3, stride, name);
            case CellOp::sep_conv_5x5:
                return twice_separable(x, 5, stride, name);
            case CellOp::dil_conv_3x3:
                return separable(x, 3, stride, 2, name, "");
            case CellOp::dil_conv_5x5:
                return separable(x, 5, stride, 2, name, "");
            case CellOp::none:
                break;
        }
        ATNAS_ASSERT(false);
        return x;
    }

    const space::NetworkOptions& options_;
    Graph graph_;
    int channels_{0};
};

}  // namespace

nn::Graph make_cell_subnet(nn::Manifest& manifest, const space::NetworkOptions& options,
                           const space::CellGenotype& genotype) {
    return CellBuilder(manifest, options)
        .build([&](CellBuilder& builder, const std::vector<ValueId>& values, int node, const std::string& cell,
                   bool reduction) {
            const auto& edges = (reduction ? genotype.reduction : genotype.normal)[static_cast<std::size_t>(node)];
            return builder.node(values, {edges.a, edges.b}, node, cell, reduction);
        });
}

int require_cell_blocks(nn::Manifest& manifest, const space::NetworkOptions& options) {
    return CellBuilder(manifest, options)
        .build([&](CellBuilder& builder, const std::vector<ValueId>& values, int node, const std::string& cell,
                   bool reduction) {
            std::vector<space::CellEdge> edges;
            for (int from = 0; from < node + 2; ++from)
                for (const CellOp op : space::ops_of(options.preset)) edges.push_back({from, op});
            return builder.node(values, edges, node, cell, reduction);
        })
        .features();
}

}  // namespace atnas::supernet
