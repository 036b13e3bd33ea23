// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Each value of each gene adds to the fitness or takes from it.

#include <cstddef>
#include <vector>

#include "atnas/evo/surrogate.hpp"

namespace atnas::evo {

/// Ridge regression (Hoerl & Kennard 1970) on one-hot genes: minimises
/// sum over data (fitness - mean - sum over genes w[gene, value])^2 + sum w^2 by its normal equations, which are
/// positive definite. A value of a gene that never occurred adds nothing.
class RidgeRegression final : public Surrogate {
  public:
    /// \pre as make_surrogate()
    explicit RidgeRegression(std::span<const Judged> data);

    double predict(const space::Genotype& genotype) const override;

  private:
    /// Of a gene's value, among all; none of that value before: size of weights_.
    std::size_t column(std::size_t gene, std::int8_t value) const noexcept;

    std::size_t values_{1};  ///< of a gene, at most
    double mean_{0};
    std::vector<double> weights_;  ///< [genes, values_]
};

}  // namespace atnas::evo
