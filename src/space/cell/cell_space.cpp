// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cell/cell_space.hpp"

#include "atnas/core/contract.hpp"
#include "atnas/space/cell/cell_genotype.hpp"
#include "atnas/space/cell/cell_network.hpp"
#include "atnas/space/cell/cell_text.hpp"
#include "atnas/space/fair_choice.hpp"

namespace atnas::space {

namespace {

/// What stands in the encode of a cell that the network does not have.
CellNode unused_node(CellPreset preset) {
    const CellOp first = ops_of(preset).front();
    return {{0, first}, {1, first}};
}

/// Where edges come from: the cell's inputs, which a reduction halves on the way, or the newest nodes, which it does
/// not.
enum class From { inputs, newest_nodes };

/// One operation everywhere.
Genotype all_of(CellOp op, From where, CellPreset preset) {
    std::vector<CellNode> nodes;
    for (int node = 0; node < nodes_of(preset); ++node) {
        const int from = where == From::inputs ? 0 : node;
        nodes.push_back({{from, op}, {from + 1, op}});
    }
    return encode({nodes, nodes}, preset);
}

/// Edges without operation come from the first input that the other edge leaves.
CellNode canonical_node(const CellNode& node) {
    if (node.a.op != CellOp::none && node.b.op != CellOp::none) return node;
    const CellEdge& kept = node.a.op != CellOp::none ? node.a : node.b;
    if (kept.op == CellOp::none) return {{0, CellOp::none}, {1, CellOp::none}};
    if (kept.from == 0) return {kept, {1, CellOp::none}};
    return {{0, CellOp::none}, kept};
}

}  // namespace

CellSpace::CellSpace(const NetworkOptions& options) : options_(options), preset_(options.cell.preset) {
    for (int first = 0; first < gene_count(); first += genes_per_node) {
        for (const Locus locus : {Locus{first, 2}, Locus{first + 2, 1}, Locus{first + 3, 1}}) {
            loci_.push_back(locus);
            if (value_count(locus) > 1) variable_loci_.push_back(locus);
        }
    }
}

int CellSpace::gene_count() const {
    return cell_gene_count(preset_);
}

std::vector<Gene> CellSpace::genes() const {
    std::vector<Gene> genes;
    for (const CellType type : {CellType::normal, CellType::reduction}) {
        const char* const cell = type == CellType::normal ? "normal" : "reduction";
        std::vector<std::string> ops;
        for (const CellOp op : has(type) ? ops_of(preset_) : ops_of(preset_).first(1)) ops.emplace_back(name_of(op));
        std::vector<std::string> inputs{"0", "1"};
        for (int node = 0; node < nodes_of(preset_); ++node) {
            const std::string place = cell + (" node " + std::to_string(inputs.size()));
            for (const char* const edge : {" input a", " input b"})
                genes.push_back({place + edge, GeneKind::connection, inputs});
            for (const char* const edge : {" operation a", " operation b"})
                genes.push_back({place + edge, GeneKind::operation, ops});
            inputs.push_back(std::to_string(inputs.size()));
        }
    }
    return genes;
}

bool CellSpace::is_legal(const Genotype& genotype) const {
    return is_legal_cell_genotype(genotype, preset_);
}

Genotype CellSpace::sample(RandomStream& random) const {
    Genotype genotype;
    genotype.genes.resize(static_cast<std::size_t>(gene_count()));
    for (const Locus& locus : loci_) set_value(genotype, locus, random.index(value_count(locus)));
    ATNAS_ENSURE(is_legal(genotype));
    return genotype;
}

Genotype CellSpace::fair(std::uint64_t number, std::uint64_t seed) const {
    const std::uint64_t round = number / ops_of(preset_).size();
    Genotype genotype;
    genotype.genes.resize(static_cast<std::size_t>(gene_count()));
    for (std::uint32_t l = 0; l < loci_.size(); ++l) {
        const bool is_operation = loci_[l].count == 1;
        set_value(genotype, loci_[l], fair_choice({seed, l}, is_operation ? number : round, value_count(loci_[l])));
    }
    ATNAS_ENSURE(is_legal(genotype));
    return genotype;
}

Genotype CellSpace::mutate(const Genotype& genotype, double rate, RandomStream& random) const {
    ATNAS_EXPECT(is_legal(genotype));
    ATNAS_EXPECT(rate >= 0 && rate <= 1);
    std::vector<Locus> chosen;
    for (const Locus& locus : variable_loci_) {
        if (random.chance(rate)) chosen.push_back(locus);
    }
    if (chosen.empty()) {
        chosen.push_back(variable_loci_[random.index(static_cast<std::uint32_t>(variable_loci_.size()))]);
    }
    Genotype mutant = genotype;
    for (const Locus& locus : chosen) {
        const std::uint32_t count = value_count(locus);
        set_value(mutant, locus, (value(genotype, locus) + 1 + random.index(count - 1)) % count);
    }
    ATNAS_ENSURE(is_legal(mutant));
    return mutant;
}

Genotype CellSpace::canonical(const Genotype& genotype) const {
    CellGenotype cells = decode(genotype, preset_);
    if (!has(CellType::reduction)) cells.reduction.assign(cells.reduction.size(), unused_node(preset_));
    if (!has(CellType::normal)) cells.normal.assign(cells.normal.size(), unused_node(preset_));
    for (auto* nodes : {&cells.normal, &cells.reduction}) {
        for (CellNode& node : *nodes) node = canonical_node(node);
    }
    return encode(cells, preset_);
}

Genotype CellSpace::smallest() const {
    return all_of(CellOp::max_pool_3x3, From::inputs, preset_);
}

std::vector<Genotype> CellSpace::extremes() const {
    std::vector<Genotype> encodes;
    for (const CellOp op : ops_of(preset_)) {
        if (op == CellOp::none) continue;
        for (const From from : {From::inputs, From::newest_nodes}) encodes.push_back(all_of(op, from, preset_));
    }
    return encodes;
}

void CellSpace::build(const Genotype& genotype, NetworkBuilder& builder) const {
    build_cell_subnet(builder, options_, decode(genotype, preset_));
}

void CellSpace::build_supernet(NetworkBuilder& builder) const {
    build_cell_supernet(builder, options_);
}

std::string CellSpace::to_text(const Genotype& genotype) const {
    return cell_text(decode(genotype, preset_));
}

Genotype CellSpace::from_text(const std::string& text) const {
    return encode(parse_cell_text(text, preset_), preset_);
}

bool CellSpace::has(CellType type) const {
    const std::size_t reductions = options_.cell.reductions.size();
    return type == CellType::reduction ? reductions > 0 : reductions < static_cast<std::size_t>(options_.cell.cells);
}

int CellSpace::inputs_of_node(const Locus& locus) const {
    return locus.first / genes_per_node % nodes_of(preset_) + 2;
}

std::uint32_t CellSpace::value_count(const Locus& locus) const {
    if (locus.count == 1) return static_cast<std::uint32_t>(ops_of(preset_).size());
    const auto inputs = static_cast<std::uint32_t>(inputs_of_node(locus));
    return inputs * (inputs - 1) / 2;
}

std::uint32_t CellSpace::value(const Genotype& genotype, const Locus& locus) const {
    const auto* genes = genotype.genes.data() + locus.first;
    if (locus.count == 1) return static_cast<std::uint32_t>(genes[0]);
    std::uint32_t number = 0;
    for (int a = 0; a < genes[0]; ++a) number += static_cast<std::uint32_t>(inputs_of_node(locus) - 1 - a);
    return number + static_cast<std::uint32_t>(genes[1] - genes[0] - 1);
}

void CellSpace::set_value(Genotype& genotype, const Locus& locus, std::uint32_t value) const {
    ATNAS_EXPECT(value < value_count(locus));
    auto* genes = genotype.genes.data() + locus.first;
    if (locus.count == 1) {
        genes[0] = static_cast<std::int8_t>(value);
        return;
    }
    int a = 0;
    auto left = static_cast<int>(value);
    for (int pairs = inputs_of_node(locus) - 1; left >= pairs; --pairs, ++a) left -= pairs;
    genes[0] = static_cast<std::int8_t>(a);
    genes[1] = static_cast<std::int8_t>(a + 1 + left);
}

}  // namespace atnas::space
