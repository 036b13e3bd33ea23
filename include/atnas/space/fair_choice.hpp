// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Choices that all come up equally often (strict fairness: Chu, Zhang, Xu 2021, "FairNAS: rethinking evaluation
/// fairness of weight sharing neural architecture search").

#include <cstdint>

namespace atnas::space {

/// Which list of choices: a search has one for every locus.
struct FairList {
    std::uint64_t seed;
    std::uint32_t locus;
};

/// Entry \p number of an endless list of the values 0 ... count - 1: it consists of rounds of \p count entries, and
/// every round is a random permutation of all values. So after any number of entries no value came up more than once
/// more often than another. A function of its arguments alone. \pre count > 0
std::uint32_t fair_choice(const FairList& list, std::uint64_t number, std::uint32_t count);

}  // namespace atnas::space
