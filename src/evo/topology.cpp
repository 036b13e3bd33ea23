#include "atnas/evo/topology.hpp"

#include "atnas/core/contract.hpp"

namespace atnas::evo {

namespace {

class Isolated final : public Topology {
  public:
    std::vector<int> targets(int, int) const override { return {}; }
};

class Ring final : public Topology {
  public:
    std::vector<int> targets(int island, int islands) const override {
        ATNAS_EXPECT(island >= 0 && island < islands);
        if (islands == 1) return {};
        return {(island + 1) % islands};
    }
};

class FullyConnected final : public Topology {
  public:
    std::vector<int> targets(int island, int islands) const override {
        ATNAS_EXPECT(island >= 0 && island < islands);
        std::vector<int> others;
        for (int other = 0; other < islands; ++other) {
            if (other != island) others.push_back(other);
        }
        return others;
    }
};

}  // namespace

std::string_view name_of(TopologyKind kind) noexcept {
    switch (kind) {
        case TopologyKind::none:
            return "none";
        case TopologyKind::ring:
            return "ring";
        case TopologyKind::full:
            return "full";
    }
    return "unknown";
}

std::unique_ptr<Topology> make_topology(TopologyKind kind) {
    switch (kind) {
        case TopologyKind::none:
            break;
        case TopologyKind::ring:
            return std::make_unique<Ring>();
        case TopologyKind::full:
            return std::make_unique<FullyConnected>();
    }
    return std::make_unique<Isolated>();
}

}  // namespace atnas::evo
