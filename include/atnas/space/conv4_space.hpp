#pragma once
/// \file
/// The space of one network: the four-block convolutional network of the MAML papers (Finn et al. 2017).

#include "atnas/space/search_space.hpp"

namespace atnas::space {

/// Its one member has no genes; drawing and varying give it back and use no random numbers.
class Conv4Space final : public SearchSpace {
  public:
    std::string name() const override { return "conv4"; }
    int gene_count() const override { return 0; }
    std::span<const Locus> loci() const override { return {}; }
    bool is_legal(const Genotype& genotype) const override { return genotype.genes.empty(); }
    Genotype sample(RandomStream& random) const override;
    Genotype mutate(const Genotype& genotype, double rate, RandomStream& random) const override;
    std::vector<Genotype> extremes() const override { return {{}}; }
    std::string to_text(const Genotype& genotype) const override;
    Genotype from_text(const std::string& text) const override;
};

}  // namespace atnas::space
