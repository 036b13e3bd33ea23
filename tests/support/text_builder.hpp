// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A builder that writes down what it is told.

#include <set>
#include <string>
#include <vector>

#include "atnas/space/network_builder.hpp"

namespace atnas::test {

/// One line per operation, e.g. "3 = convolution 2: conv/weight 8x3x3x3".
class TextBuilder final : public space::NetworkBuilder {
  public:
    using NetworkBuilder::NetworkBuilder;

    const std::vector<std::string>& lines() const noexcept { return lines_; }
    /// Names of the weights.
    const std::set<std::string>& weights() const noexcept { return weights_; }

  private:
    void add(space::Operation operation, space::ValueId output, const std::vector<space::Weight>& weights) override {
        static const std::vector<std::string> names{"convolution", "pool",   "norm",    "sum",
                                                    "subsample",   "concat", "flatten", "drop"};
        std::string line = std::to_string(output) + " = " + names[static_cast<std::size_t>(operation.kind)];
        if (operation.kind == space::OperationKind::pool)
            line += operation.pool.kind == space::PoolKind::max ? "(max)" : "(average)";
        for (const space::ValueId input : operation.inputs) line += " " + std::to_string(input);
        for (const space::Weight& weight : weights) {
            weights_.insert(weight.name);
            const space::Shape& shape = weight.shape;
            line += (&weight == &weights.front() ? ": " : ", ") + weight.name + " " + std::to_string(shape.n);
            for (const int extent : {shape.c, shape.h, shape.w}) line += "x" + std::to_string(extent);
        }
        lines_.push_back(line);
    }
    void add_relu(space::ValueId x, space::ValueId output) override {
        lines_.push_back(std::to_string(output) + " = relu " + std::to_string(x));
    }

    std::vector<std::string> lines_;
    std::set<std::string> weights_;
};

}  // namespace atnas::test
