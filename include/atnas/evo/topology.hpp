// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which islands send migrants to which.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "atnas/core/error.hpp"

namespace atnas::evo {

/// The occasion of one migration.
struct MigrationRound {
    std::uint64_t seed{0};
    int generation{0};
    int islands{1};
};

class Topology {
  public:
    virtual ~Topology() = default;
    /// Islands that \p island sends to, ascending, never itself, without repetition. The same on every rank.
    /// \pre 0 <= island < round.islands
    virtual std::vector<int> targets(int island, const MigrationRound& round) const = 0;
};

enum class TopologyKind {
    none,    ///< nobody sends
    ring,    ///< to the next island
    torus,   ///< to the right and the lower neighbour on a grid whose borders meet
    full,    ///< to all others
    random,  ///< to some others, drawn anew for every migration
    edges,   ///< as a list of edges says
};

struct TopologyOptions {
    TopologyKind kind{TopologyKind::ring};
    int degree{1};        ///< random: islands that each sends to; all others if there are fewer
    std::string edges{};  ///< edges: text for evo/edge_list.hpp
};

/// What cannot work for that many islands; empty when all is well. A degree is too large only where there is a second
/// island at all: one island alone has no neighbours, whatever the topology.
std::vector<Problem> problems_of(const TopologyOptions& options, int islands);

/// torus: islands are counted row by row on a grid of rows x columns, rows the largest divisor of their number that is
/// no larger than its root. 12 islands make 3 x 4; 2 or any prime number make a single row and so a ring. With one
/// island nobody sends, in any topology.
/// \pre problems_of(options, islands) is empty for the islands of every round
std::unique_ptr<Topology> make_topology(const TopologyOptions& options);

}  // namespace atnas::evo
