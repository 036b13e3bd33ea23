// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Parameters, multiply-accumulates and memory of subnets.

#include <memory>

#include "atnas/space/cost_counter.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/space/network_options.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::space {

/// Draws networks into a CostCounter (tens of microseconds each) and adds the head. Every head counts as
/// way x (features + 1) parameters, also one that a task fills in: people compare whole networks. The learned scale
/// that some heads have, one number, is left out.
class CostModel {
  public:
    /// Throws Error(bad_deck) for options that describe no network (problems_of).
    explicit CostModel(const NetworkOptions& options);

    /// \pre the genotype is legal in the space of the options
    Cost subnet(const Genotype& genotype) const;
    /// The most parameters, multiply-accumulates and memory of the space's extremes, whatever bounds it has: a scale
    /// for the costs of its members. No member of the spaces so far has more.
    Cost largest() const;
    /// All operations on all edges. Parameters alone: nobody runs it whole.
    Cost supernet() const;

  private:
    NetworkOptions options_;
    std::shared_ptr<const SearchSpace> space_;
};

}  // namespace atnas::space
