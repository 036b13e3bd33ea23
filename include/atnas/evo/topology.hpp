#pragma once
/// \file
/// Which islands send migrants to which.

#include <memory>
#include <string_view>
#include <vector>

namespace atnas::evo {

class Topology {
  public:
    virtual ~Topology() = default;
    /// Islands that \p island sends to, ascending, never itself, without repetition.
    /// \pre 0 <= island < islands
    virtual std::vector<int> targets(int island, int islands) const = 0;
};

enum class TopologyKind { none, ring, full };
std::string_view name_of(TopologyKind kind) noexcept;

/// ring: to the next island (and nobody when there is one island). full: to all others.
std::unique_ptr<Topology> make_topology(TopologyKind kind);

}  // namespace atnas::evo
