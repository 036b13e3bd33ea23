// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The space of one network, that of the MAML papers (Vinyals et al. 2016; Finn et al. 2017): four times conv3x3, norm,
/// ReLU, max-pool 2x2.

#include "atnas/space/search_space.hpp"

namespace atnas::space {

/// Its one member has no genes; drawing and varying give it back and use no random numbers.
class Conv4Space final : public SearchSpace {
  public:
    /// \pre problems_of(options) is empty
    explicit Conv4Space(const NetworkOptions& options) : options_(options) {}

    std::string name() const override { return "conv4"; }
    int gene_count() const override { return 0; }
    std::span<const Locus> loci() const override { return {}; }
    std::vector<Gene> genes() const override { return {}; }
    bool is_legal(const Genotype& genotype) const override { return genotype.genes.empty(); }
    Genotype sample(RandomStream& random) const override;
    Genotype fair(std::uint64_t, std::uint64_t) const override { return {}; }
    Genotype mutate(const Genotype& genotype, double rate, RandomStream& random) const override;
    Genotype canonical(const Genotype& genotype) const override { return genotype; }
    Genotype smallest() const override { return {}; }
    std::vector<Genotype> extremes() const override { return {{}}; }
    void build(const Genotype& genotype, NetworkBuilder& builder) const override;
    void build_supernet(NetworkBuilder& builder) const override { build({}, builder); }
    std::string to_text(const Genotype& genotype) const override;
    Genotype from_text(const std::string& text) const override;

  private:
    NetworkOptions options_;
};

}  // namespace atnas::space
