#include "atnas/space/cost_model.hpp"

#include <algorithm>
#include <utility>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "atnas/space/cell_genotype.hpp"

namespace atnas::space {

namespace {

/// Height and width, wide enough for products.
struct Extent {
    std::int64_t height;
    std::int64_t width;

    std::int64_t area() const { return height * width; }
    Extent halved_up() const { return {(height + 1) / 2, (width + 1) / 2}; }
    Extent halved_down() const { return {height / 2, width / 2}; }
};

Cost& operator+=(Cost& sum, const Cost& term) {
    sum.parameters += term.parameters;
    sum.macs += term.macs;
    return sum;
}

/// A convolution without bias with \p weights weights, applied once at every position of its output.
Cost convolution(std::int64_t weights, Extent output) {
    return {weights, weights * output.area()};
}

Cost norm(std::int64_t channels, NormAffine affine) {
    return {affine == NormAffine::yes ? 2 * channels : 0, 0};
}

/// Depthwise size x size and pointwise; dilation changes neither count.
Cost separable(std::int64_t size, std::int64_t channels, Extent output) {
    return convolution(size * size * channels + channels * channels, output);
}

/// One cell, seen from outside.
struct CellSite {
    std::int64_t channels;  ///< width of its nodes
    std::int64_t input_channels[2];
    Extent input;   ///< of its nodes' inputs 0 and 1, preprocessed
    Extent output;  ///< of its nodes
    bool reduces;
};

std::vector<CellSite> cell_sites(const NetworkOptions& options) {
    std::vector<CellSite> sites;
    const ImageShape stem = stem_output(options);
    Extent extent{stem.height, stem.width};
    std::int64_t channels = options.channels;
    std::int64_t older = stem.channels;
    std::int64_t newer = stem.channels;
    for (int cell = 0; cell < options.cells; ++cell) {
        const bool reduces = std::ranges::binary_search(options.reductions, cell);
        if (reduces) channels *= options.growth;
        const Extent output = reduces ? extent.halved_up() : extent;
        sites.push_back({channels, {older, newer}, extent, output, reduces});
        older = newer;
        newer = nodes_of(options.preset) * channels;
        extent = output;
    }
    return sites;
}

/// \param strided whether the edge halves its input: from the inputs of a reduction cell
Cost edge_cost(CellOp op, bool strided, const CellSite& site, const NetworkOptions& options) {
    const std::int64_t c = site.channels;
    // Only the cell's inputs have its input's extent, and only where it reduces does that differ from the output's.
    const Extent input = strided ? site.input : site.output;
    Cost cost;
    switch (op) {
        case CellOp::none:
            break;
        case CellOp::max_pool_3x3:
        case CellOp::avg_pool_3x3:
            if (options.preset != CellPreset::darts) cost += norm(c, options.affine);
            break;
        case CellOp::skip_connect:
            if (strided) {
                cost += convolution(c * c, site.output);
                cost += norm(c, options.affine);
            }
            break;
        case CellOp::conv_1x5_5x1:
            // The first halves the width, the second the height.
            cost += convolution(5 * c * c, {input.height, site.output.width});
            cost += convolution(5 * c * c, site.output);
            cost += norm(c, options.affine);
            break;
        case CellOp::conv_3x3:
        case CellOp::dil_conv_3x3:
        case CellOp::dil_conv_5x5:
            cost += separable(op == CellOp::dil_conv_5x5 ? 5 : 3, c, site.output);
            cost += norm(c, options.affine);
            break;
        case CellOp::sep_conv_3x3:
        case CellOp::sep_conv_5x5:
            for (int time = 0; time < 2; ++time) {
                cost += separable(op == CellOp::sep_conv_5x5 ? 5 : 3, c, site.output);
                cost += norm(c, options.affine);
            }
            break;
    }
    return cost;
}

/// Both inputs brought to the cell's width; a factorised reduce has as many weights as the 1x1 convolution it replaces
/// and the same output extent.
Cost preprocess_cost(const CellSite& site, const NetworkOptions& options) {
    Cost cost;
    for (const std::int64_t channels : site.input_channels) {
        cost += convolution(channels * site.channels, site.input);
        cost += norm(site.channels, options.affine);
    }
    return cost;
}

Cost stem_cost(const NetworkOptions& options) {
    const Extent image{options.image.height, options.image.width};
    const std::int64_t colours = options.image.channels;
    const std::int64_t wide = 3 * static_cast<std::int64_t>(options.channels);
    Cost cost;
    if (options.stem == Stem::single) {
        cost += convolution(9 * colours * wide, image);
    } else {
        const std::int64_t narrow = wide / 2;
        cost += convolution(9 * colours * narrow, image);
        cost += norm(narrow, NormAffine::yes);
        cost += convolution(9 * narrow * wide, image.halved_down());
    }
    cost += norm(wide, NormAffine::yes);
    return cost;
}

Cost head_cost(std::int64_t features, const NetworkOptions& options) {
    return {(features + 1) * options.way, features * options.way};
}

Cost conv4_cost(const NetworkOptions& options) {
    Cost cost;
    Extent extent{options.image.height, options.image.width};
    const std::int64_t filters = options.channels;
    std::int64_t inputs = options.image.channels;
    for (int block = 0; block < 4; ++block) {
        cost += convolution(9 * inputs * filters, extent);
        if (options.bias == ConvBias::yes) cost.parameters += filters;
        cost += norm(filters, NormAffine::yes);
        extent = extent.halved_down();
        inputs = filters;
    }
    cost += head_cost(filters * extent.area(), options);
    return cost;
}

Cost subnet_cell_cost(const std::vector<CellNode>& nodes, const CellSite& site, const NetworkOptions& options) {
    Cost cost = preprocess_cost(site, options);
    for (const CellNode& node : nodes) {
        for (const CellEdge& edge : {node.a, node.b}) {
            cost += edge_cost(edge.op, site.reduces && edge.from < 2, site, options);
        }
    }
    return cost;
}

Cost supernet_cell_cost(const CellSite& site, const NetworkOptions& options) {
    Cost cost = preprocess_cost(site, options);
    for (int node = 0; node < nodes_of(options.preset); ++node) {
        for (int from = 0; from < node + 2; ++from) {
            for (const CellOp op : ops_of(options.preset)) {
                cost += edge_cost(op, site.reduces && from < 2, site, options);
            }
        }
    }
    return cost;
}

}  // namespace

CostModel::CostModel(const NetworkOptions& options) : options_(options) {
    auto problems = problems_of(options);
    if (!problems.empty()) throw Error(ExitCode::bad_deck, std::move(problems));
}

Cost CostModel::subnet(const Genotype& genotype) const {
    if (options_.kind == SpaceKind::conv4) {
        ATNAS_EXPECT(genotype.genes.empty());
        return conv4_cost(options_);
    }
    const CellGenotype cells = decode(genotype, options_.preset);
    const auto sites = cell_sites(options_);
    Cost cost = stem_cost(options_);
    for (const CellSite& site : sites) {
        cost += subnet_cell_cost(site.reduces ? cells.reduction : cells.normal, site, options_);
    }
    cost += head_cost(nodes_of(options_.preset) * sites.back().channels, options_);
    return cost;
}

Cost CostModel::supernet() const {
    if (options_.kind == SpaceKind::conv4) return {conv4_cost(options_).parameters, 0};
    const auto sites = cell_sites(options_);
    Cost cost = stem_cost(options_);
    for (const CellSite& site : sites) cost += supernet_cell_cost(site, options_);
    cost += head_cost(nodes_of(options_.preset) * sites.back().channels, options_);
    return {cost.parameters, 0};
}

}  // namespace atnas::space
