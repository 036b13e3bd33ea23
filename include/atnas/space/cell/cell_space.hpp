// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The space of cells: DARTS (Liu et al. 2019) as used by MetaNAS (Elsken et al. 2020).

#include <vector>

#include "atnas/space/search_space.hpp"

namespace atnas::space {

/// Encodes as described in cell_genotype.hpp. The two inputs of a node are one locus, each operation is another.
class CellSpace final : public SearchSpace {
  public:
    /// \pre problems_of(options) is empty
    explicit CellSpace(const NetworkOptions& options);

    std::string name() const override { return "cell"; }
    int gene_count() const override;
    std::span<const Locus> loci() const override { return loci_; }
    std::vector<Gene> genes() const override;
    bool is_legal(const Genotype& genotype) const override;
    Genotype sample(RandomStream& random) const override;
    Genotype fair(std::uint64_t number, std::uint64_t seed) const override;
    Genotype mutate(const Genotype& genotype, double rate, RandomStream& random) const override;
    /// Fixes where an edge without operation comes from, and the cells of a type that the network has none of.
    Genotype canonical(const Genotype& genotype) const override;
    Genotype smallest() const override;
    std::vector<Genotype> extremes() const override;
    void build(const Genotype& genotype, NetworkBuilder& builder) const override;
    void build_supernet(NetworkBuilder& builder) const override;
    std::string to_text(const Genotype& genotype) const override;
    Genotype from_text(const std::string& text) const override;

  private:
    enum class CellType { normal, reduction };
    /// Whether the network has any of them.
    bool has(CellType type) const;
    /// Values of a locus are numbered from 0: pairs of inputs in lexicographic order, operations in the preset's.
    std::uint32_t value_count(const Locus& locus) const;
    std::uint32_t value(const Genotype& genotype, const Locus& locus) const;
    void set_value(Genotype& genotype, const Locus& locus, std::uint32_t value) const;
    int inputs_of_node(const Locus& locus) const;

    NetworkOptions options_;
    CellPreset preset_;
    std::vector<Locus> loci_;
    std::vector<Locus> variable_loci_;  ///< those with more than one value
};

}  // namespace atnas::space
