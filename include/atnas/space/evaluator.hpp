// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The seam between evolution and learning: evolution asks for fitness and knows nothing of tensors.

#include <optional>
#include <span>
#include <vector>

#include "atnas/space/genotype.hpp"

namespace atnas::space {

class Evaluator {
  public:
    virtual ~Evaluator() = default;
    /// Fitness (larger is better) of each genotype, in the same order. The same genotype gets the same value from the
    /// same evaluator while the weights are the same. NaN means the individual could not be evaluated. Nothing at all
    /// when the evaluation was interrupted.
    virtual std::optional<std::vector<double>> evaluate(std::span<const Genotype> genotypes) = 0;
};

}  // namespace atnas::space
