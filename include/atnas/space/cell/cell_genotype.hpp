// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The cell space's genotype, decoded: which operations the nodes of a cell sum.

#include <vector>

#include "atnas/space/cell/cell_op.hpp"
#include "atnas/space/cell/cell_options.hpp"
#include "atnas/space/genotype.hpp"

namespace atnas::space {

/// Node i (0-based, known to later nodes as i + 2) is the sum of two operations on two different earlier nodes.
struct CellNode {
    CellEdge a;
    CellEdge b;  ///< a.from < b.from

    bool operator==(const CellNode&) const = default;
};

/// One encode: every normal cell of a network has the nodes \p normal, every reduction cell \p reduction.
struct CellGenotype {
    std::vector<CellNode> normal;
    std::vector<CellNode> reduction;

    bool operator==(const CellGenotype&) const = default;
};

/// Genes of one node: input a, input b, op a, op b (an op gene is an index into ops_of(preset)).
inline constexpr int genes_per_node = 4;

/// Genes of a genotype: normal cell first, then the reduction cell; 24 for MetaNAS.
inline int cell_gene_count(CellPreset preset) noexcept {
    return 2 * nodes_of(preset) * genes_per_node;
}

/// Whether \p genotype has the right length, inputs a < b that exist before their node, and operations of the preset.
bool is_legal_cell_genotype(const Genotype& genotype, CellPreset preset) noexcept;

/// \pre is_legal_cell_genotype(genotype, preset)
CellGenotype decode(const Genotype& genotype, CellPreset preset);

/// Inverse of decode. \pre nodes_of(preset) nodes each, all operations belong to the preset
Genotype encode(const CellGenotype& cells, CellPreset preset);

}  // namespace atnas::space
