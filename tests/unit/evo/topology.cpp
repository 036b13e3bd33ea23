#include "atnas/evo/topology.hpp"

#include <gtest/gtest.h>

namespace atnas::evo {
namespace {

using Islands = std::vector<int>;

TEST(Topology, NoneSendsNothing) {
    const auto none = make_topology(TopologyKind::none);
    for (int island = 0; island < 3; ++island) EXPECT_EQ(none->targets(island, 3), Islands{});
}

TEST(Topology, RingSendsToTheNext) {
    const auto ring = make_topology(TopologyKind::ring);
    EXPECT_EQ(ring->targets(0, 3), Islands{1});
    EXPECT_EQ(ring->targets(1, 3), Islands{2});
    EXPECT_EQ(ring->targets(2, 3), Islands{0});
    EXPECT_EQ(ring->targets(1, 2), Islands{0});
    EXPECT_EQ(ring->targets(0, 1), Islands{});
}

TEST(Topology, FullSendsToAllOthers) {
    const auto full = make_topology(TopologyKind::full);
    EXPECT_EQ(full->targets(0, 4), (Islands{1, 2, 3}));
    EXPECT_EQ(full->targets(2, 4), (Islands{0, 1, 3}));
    EXPECT_EQ(full->targets(0, 1), Islands{});
}

TEST(Topology, HasNames) {
    EXPECT_EQ(name_of(TopologyKind::none), "none");
    EXPECT_EQ(name_of(TopologyKind::ring), "ring");
    EXPECT_EQ(name_of(TopologyKind::full), "full");
}

}  // namespace
}  // namespace atnas::evo
