// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How often each choice of a space was trained.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::engine {

/// Of the paths that a rank trains: how often each value of each gene occurred. Integers, so that their sum over the
/// ranks is the same whoever trained what.
class PathCounts {
  public:
    explicit PathCounts(const space::SearchSpace& space);

    /// A path of the step that comes next. \pre it is canonical
    void add(const space::Genotype& path);
    /// Counts what was added since the step before, if \p made; else it trained nothing.
    void step(bool made);

    /// What all ranks counted, and what they began with: [genes, values()]. Collective.
    std::vector<std::int64_t> total(const comm::Communicator& communicator) const;
    /// Goes on from a total; only one rank may. \pre as long as the total
    void begin_with(std::vector<std::int64_t> total);

    /// Of the gene with the most.
    std::size_t values() const noexcept { return values_; }

  private:
    std::size_t genes_;
    std::size_t values_;
    std::vector<std::int64_t> counts_;
    std::vector<space::Genotype> pending_;
};

/// Of gene with the most values; 0 where there is no gene.
std::size_t most_values(const space::SearchSpace& space);

}  // namespace atnas::engine
