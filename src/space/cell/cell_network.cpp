// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cell/cell_network.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "atnas/core/contract.hpp"

namespace atnas::space {
namespace {

/// The edges of node \p node (0-based) in a cell.
using EdgesOf = std::function<std::vector<CellEdge>(int node, bool reduction)>;

/// Draws the parts of a network.
class CellNetwork {
  public:
    CellNetwork(NetworkBuilder& builder, const NetworkOptions& options)
        : builder_(builder), options_(options), channels_(options.channels) {}

    void build(const EdgesOf& edges_of) {
        ValueId before = stem();
        ValueId last = before;
        bool after_reduction = false;
        for (int cell = 0; cell < options_.cell.cells; ++cell) {
            const bool reduction = std::ranges::binary_search(options_.cell.reductions, cell);
            if (reduction) channels_ *= options_.cell.growth;
            const std::string name = "cell" + std::to_string(cell);
            std::vector<ValueId> values{after_reduction ? factorised_reduce(before, name + "/input0")
                                                        : relu_conv_norm(before, name + "/input0"),
                                        relu_conv_norm(last, name + "/input1")};
            for (int number = 0; number < nodes_of(options_.cell.preset); ++number)
                values.push_back(node(values, edges_of(number, reduction), name, reduction));
            before = last;
            last = builder_.concat({values.begin() + 2, values.end()});
            after_reduction = reduction;
        }
        const Shape shape = builder_.shape(last);
        builder_.flatten(builder_.pool(last, {PoolKind::average, {shape.h, shape.w}, {1, 1}}));
    }

  private:
    /// Sum of edges from \p values, the cell's inputs and its nodes so far; the sum of no edge is zero.
    ValueId node(const std::vector<ValueId>& values, const std::vector<CellEdge>& edges, const std::string& cell,
                 bool reduction) {
        const std::string prefix = cell + "/node" + std::to_string(values.size()) + "/from";
        std::vector<ValueId> terms;
        for (const CellEdge& edge : edges) {
            if (edge.op == CellOp::none) continue;
            const std::string name = prefix + std::to_string(edge.from) + "/" + std::string(name_of(edge.op));
            const ValueId term = operation(values[static_cast<std::size_t>(edge.from)], edge.op,
                                           reduction && edge.from < 2 ? 2 : 1, name);
            // What is left of a node whose other edge is lost comes through skips.
            terms.push_back(edge.op == CellOp::skip_connect ? term : builder_.drop(term));
        }
        if (!terms.empty()) return builder_.sum(std::move(terms));
        Shape shape = builder_.shape(values.front());
        if (reduction) shape = {1, shape.c, (shape.h + 1) / 2, (shape.w + 1) / 2};
        return builder_.zeros(shape);
    }

    ValueId stem() {
        const int width = options_.cell.stem_multiplier * options_.channels;
        const ConvolutionSpec conv3x3{.kernel = {3, 3}, .pad = {1, 1}};
        if (options_.cell.stem == Stem::single)
            return builder_.norm(builder_.convolution(0, width, conv3x3, "stem/conv"), NormAffine::yes, "stem/norm");
        const PoolSpec halve{PoolKind::max, {2, 2}, {2, 2}};
        ValueId x =
            builder_.norm(builder_.convolution(0, width / 2, conv3x3, "stem/conv0"), NormAffine::yes, "stem/norm0");
        x = builder_.relu(builder_.pool(x, halve));
        return builder_.pool(
            builder_.norm(builder_.convolution(x, width, conv3x3, "stem/conv1"), NormAffine::yes, "stem/norm1"), halve);
    }

    ValueId norm(ValueId x, const std::string& name) { return builder_.norm(x, options_.cell.affine, name + "/norm"); }

    ValueId relu_conv_norm(ValueId x, const std::string& name) {
        return norm(builder_.convolution(builder_.relu(x), channels_, {}, name + "/conv"), name);
    }

    /// Halves the grid without losing odd pixels: 1x1 convolutions on the even and on the odd grid, side by side.
    ValueId factorised_reduce(ValueId x, const std::string& name) {
        x = builder_.relu(x);
        const ValueId even = builder_.convolution(builder_.subsample(x, 0), channels_ / 2, {}, name + "/even");
        const ValueId odd =
            builder_.convolution(builder_.subsample(x, 1), channels_ - channels_ / 2, {}, name + "/odd");
        return norm(builder_.concat({even, odd}), name);
    }

    ValueId pool(ValueId x, PoolKind kind, int stride, const std::string& name) {
        const ValueId pooled = builder_.pool(x, {kind, {3, 3}, {stride, stride}, {1, 1}});
        // DARTS never gives a pool's norm a scale.
        return builder_.norm(pooled, options_.cell.preset == CellPreset::darts ? NormAffine::no : options_.cell.affine,
                             name + "/norm");
    }

    /// ReLU, depthwise k x k, pointwise, norm. \p part tells the two halves of a sep_conv apart.
    ValueId separable(ValueId x, int kernel, int stride, int dilation, const std::string& name,
                      const std::string& part) {
        const int pad = dilation * (kernel / 2);
        x = builder_.convolution(builder_.relu(x), channels_,
                                 {{kernel, kernel}, {stride, stride}, {pad, pad}, {dilation, dilation}, channels_},
                                 name + "/depthwise" + part);
        x = builder_.convolution(x, channels_, {}, name + "/pointwise" + part);
        return builder_.norm(x, options_.cell.affine, name + "/norm" + part);
    }

    ValueId twice_separable(ValueId x, int kernel, int stride, const std::string& name) {
        return separable(separable(x, kernel, stride, 1, name, "1"), kernel, 1, 1, name, "2");
    }

    ValueId operation(ValueId x, CellOp op, int stride, const std::string& name) {
        switch (op) {
            case CellOp::max_pool_3x3:
                return pool(x, PoolKind::max, stride, name);
            case CellOp::avg_pool_3x3:
                return pool(x, PoolKind::average, stride, name);
            case CellOp::skip_connect:
                return stride == 1 ? x : factorised_reduce(x, name);
            case CellOp::conv_1x5_5x1:
                x = builder_.convolution(builder_.relu(x), channels_, {{1, 5}, {1, stride}, {0, 2}}, name + "/conv1x5");
                return norm(builder_.convolution(x, channels_, {{5, 1}, {stride, 1}, {2, 0}}, name + "/conv5x1"), name);
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

    NetworkBuilder& builder_;
    const NetworkOptions& options_;
    int channels_;  ///< of the nodes of the cell that is drawn
};

}  // namespace

void build_cell_subnet(NetworkBuilder& builder, const NetworkOptions& options, const CellGenotype& genotype) {
    CellNetwork(builder, options).build([&](int node, bool reduction) {
        const CellNode& edges = (reduction ? genotype.reduction : genotype.normal)[static_cast<std::size_t>(node)];
        return std::vector<CellEdge>{edges.a, edges.b};
    });
}

void build_cell_supernet(NetworkBuilder& builder, const NetworkOptions& options) {
    CellNetwork(builder, options).build([&](int node, bool) {
        std::vector<CellEdge> edges;
        for (int from = 0; from < node + 2; ++from)
            for (const CellOp op : ops_of(options.cell.preset)) edges.push_back({from, op});
        return edges;
    });
}

}  // namespace atnas::space
