// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Everybody who was ever judged: what tells, after the run, who descended from whom.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "atnas/evo/individual.hpp"

namespace atnas::evo {

/// An individual as it was when it was judged first.
struct GenealogyRecord {
    std::int64_t island;  ///< it was born on
    Individual individual;
};

/// Keeps the newest individuals, in the order of their generations.
class Genealogy {
  public:
    /// \p most: individuals kept; 0 = none
    explicit Genealogy(std::size_t most) : most_(most) {}

    /// Those of \p members who were born in \p generation: call it once for every island, by number, after its members
    /// were judged and before any migrated.
    void add(const Population& members, int island, int generation);
    /// All islands were added. Drops those who are too many, the oldest first, and of one generation those of the
    /// islands with the lowest numbers.
    void end_generation();
    /// Instead of what is known so far.
    void go_on_from(std::vector<GenealogyRecord> records);

    const std::vector<GenealogyRecord>& records() const noexcept { return records_; }

  private:
    std::size_t most_;
    std::vector<GenealogyRecord> records_;
};

}  // namespace atnas::evo
