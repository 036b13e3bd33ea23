#pragma once
/// \file
/// Parameters and multiply-accumulates of subnets in closed form, without building them.

#include <cstdint>

#include "atnas/space/genotype.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::space {

struct Cost {
    std::int64_t parameters{0};  ///< weights, biases, affine scales and shifts, the head included
    std::int64_t macs{0};        ///< multiply-accumulates of convolutions and head, forward, per image

    bool operator==(const Cost&) const = default;
};

/// Every head counts as way x (features + 1) parameters, also Head::zero and Head::proto, which own no shared weights:
/// a task fills them in, and people compare whole networks.
class CostModel {
  public:
    /// Throws Error(bad_deck) for options that describe no network (problems_of).
    explicit CostModel(const NetworkOptions& options);

    /// \pre the genotype is legal in the space of the options
    Cost subnet(const Genotype& genotype) const;
    /// All operations on all edges. macs is 0: nobody runs it whole.
    Cost supernet() const;

  private:
    NetworkOptions options_;
};

}  // namespace atnas::space
