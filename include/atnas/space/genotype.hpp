// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The architecture encode of a subnet.

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace atnas::space {

/// A fixed-length vector of small integers; what they mean is known to the SearchSpace alone.
/// A value type: compared gene by gene.
struct Genotype {
    std::vector<std::int8_t> genes;

    auto operator<=>(const Genotype&) const = default;
};

}  // namespace atnas::space
