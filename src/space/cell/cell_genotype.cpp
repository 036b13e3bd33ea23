// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cell/cell_genotype.hpp"

#include <algorithm>

#include "atnas/core/contract.hpp"

namespace atnas::space {

namespace {

std::int8_t op_gene(CellOp op, CellPreset preset) {
    const auto ops = ops_of(preset);
    const auto place = std::ranges::find(ops, op);
    ATNAS_EXPECT(place != ops.end());
    return static_cast<std::int8_t>(place - ops.begin());
}

std::vector<CellNode> decode_cell(std::span<const std::int8_t> genes, CellPreset preset) {
    const auto ops = ops_of(preset);
    std::vector<CellNode> nodes;
    for (; !genes.empty(); genes = genes.subspan(genes_per_node)) {
        nodes.push_back(
            {{genes[0], ops[static_cast<std::size_t>(genes[2])]}, {genes[1], ops[static_cast<std::size_t>(genes[3])]}});
    }
    return nodes;
}

}  // namespace

bool is_legal_cell_genotype(const Genotype& genotype, CellPreset preset) noexcept {
    const auto& genes = genotype.genes;
    if (genes.size() != static_cast<std::size_t>(cell_gene_count(preset))) return false;
    const auto op_count = static_cast<int>(ops_of(preset).size());
    for (std::size_t first = 0; first < genes.size(); first += genes_per_node) {
        const int inputs = static_cast<int>(first / genes_per_node) % nodes_of(preset) + 2;
        const int a = genes[first];
        const int b = genes[first + 1];
        if (a < 0 || a >= b || b >= inputs) return false;
        for (const int op : {genes[first + 2], genes[first + 3]}) {
            if (op < 0 || op >= op_count) return false;
        }
    }
    return true;
}

CellGenotype decode(const Genotype& genotype, CellPreset preset) {
    ATNAS_EXPECT(is_legal_cell_genotype(genotype, preset));
    const std::span<const std::int8_t> genes = genotype.genes;
    const auto half = genes.size() / 2;
    return {decode_cell(genes.first(half), preset), decode_cell(genes.subspan(half), preset)};
}

Genotype encode(const CellGenotype& cells, CellPreset preset) {
    Genotype genotype;
    for (const auto* nodes : {&cells.normal, &cells.reduction}) {
        ATNAS_EXPECT(nodes->size() == static_cast<std::size_t>(nodes_of(preset)));
        for (const CellNode& node : *nodes) {
            genotype.genes.push_back(static_cast<std::int8_t>(node.a.from));
            genotype.genes.push_back(static_cast<std::int8_t>(node.b.from));
            genotype.genes.push_back(op_gene(node.a.op, preset));
            genotype.genes.push_back(op_gene(node.b.op, preset));
        }
    }
    ATNAS_ENSURE(is_legal_cell_genotype(genotype, preset));
    return genotype;
}

}  // namespace atnas::space
