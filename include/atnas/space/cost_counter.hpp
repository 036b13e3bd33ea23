// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Counts what a network costs while it is drawn.

#include <cstdint>
#include <string>
#include <unordered_set>

#include "atnas/space/network_builder.hpp"

namespace atnas::space {

struct Cost {
    std::int64_t parameters{0};  ///< weights, biases, affine scales and shifts, the head included
    std::int64_t macs{0};        ///< multiply-accumulates of convolutions and head, forward, per image
    /// Bytes of all that its operations compute for an image, in single precision: what training keeps for the way
    /// back.
    std::int64_t memory{0};

    bool operator==(const Cost&) const = default;
};

class CostCounter final : public NetworkBuilder {
  public:
    using NetworkBuilder::NetworkBuilder;

    /// Of all operations so far; a weight that several share counts once. There is no head in it: see CostModel.
    const Cost& cost() const noexcept { return cost_; }

  private:
    void add(Operation operation, ValueId output, const std::vector<Weight>& weights) override;

    Cost cost_;
    std::unordered_set<std::string> known_;  ///< names of the weights that were counted
};

}  // namespace atnas::space
