// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Encodes that have most genes in common are alike.

#include <vector>

#include "atnas/evo/surrogate.hpp"

namespace atnas::evo {

/// The mean fitness of the three encodes with the fewest different genes (Hamming distance); of equally near ones the
/// later in the data count.
class NearestNeighbours final : public Surrogate {
  public:
    /// \pre as make_surrogate()
    explicit NearestNeighbours(std::span<const Judged> data);

    double predict(const space::Genotype& genotype) const override;

  private:
    std::vector<Judged> data_;
};

}  // namespace atnas::evo
