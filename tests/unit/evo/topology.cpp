// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/topology.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace atnas::evo {
namespace {

using Islands = std::vector<int>;

/// The targets of every island, in one round of a topology.
std::vector<Islands> network(const TopologyOptions& options, int islands, int generation = 0, std::uint64_t seed = 1) {
    const auto topology = make_topology(options);
    std::vector<Islands> targets;
    for (int island = 0; island < islands; ++island)
        targets.push_back(topology->targets(island, {seed, generation, islands}));
    return targets;
}

TEST(Topology, NoneSendsNothing) {
    EXPECT_EQ(network({TopologyKind::none}, 3), (std::vector<Islands>{{}, {}, {}}));
}

TEST(Topology, RingSendsToTheNext) {
    EXPECT_EQ(network({TopologyKind::ring}, 3), (std::vector<Islands>{{1}, {2}, {0}}));
    EXPECT_EQ(network({TopologyKind::ring}, 2), (std::vector<Islands>{{1}, {0}}));
}

TEST(Topology, TorusSendsToTheRightAndDown) {
    // 0 1 2
    // 3 4 5
    EXPECT_EQ(network({TopologyKind::torus}, 6),
              (std::vector<Islands>{{1, 3}, {2, 4}, {0, 5}, {0, 4}, {1, 5}, {2, 3}}));
    EXPECT_EQ(network({TopologyKind::torus}, 4), (std::vector<Islands>{{1, 2}, {0, 3}, {0, 3}, {1, 2}}));
    const auto twelve = network({TopologyKind::torus}, 12);
    EXPECT_EQ(twelve[0], (Islands{1, 4})) << "3 rows of 4";
    EXPECT_EQ(twelve[11], (Islands{3, 8}));
}

TEST(Topology, TorusOfFewOrPrimeIslandsIsARing) {
    for (const int islands : {1, 2, 3, 7})
        EXPECT_EQ(network({TopologyKind::torus}, islands), network({TopologyKind::ring}, islands)) << islands;
}

TEST(Topology, FullSendsToAllOthers) {
    EXPECT_EQ(network({TopologyKind::full}, 3), (std::vector<Islands>{{1, 2}, {0, 2}, {0, 1}}));
}

TEST(Topology, RandomSendsToThatManyDistinctOthers) {
    const TopologyOptions options{.kind = TopologyKind::random, .degree = 3};
    std::set<int> reached;
    for (int generation = 0; generation < 20; ++generation) {
        const auto targets = network(options, 6, generation);
        for (int island = 0; island < 6; ++island) {
            const Islands& mine = targets[static_cast<std::size_t>(island)];
            EXPECT_EQ(mine.size(), 3u);
            EXPECT_EQ(std::set<int>(mine.begin(), mine.end()).size(), 3u);
            EXPECT_TRUE(std::ranges::is_sorted(mine));
            EXPECT_TRUE(std::ranges::none_of(mine, [&](int to) { return to == island || to < 0 || to >= 6; }));
        }
        reached.insert(targets[0].begin(), targets[0].end());
    }
    EXPECT_EQ(reached, (std::set<int>{1, 2, 3, 4, 5}));
}

TEST(Topology, RandomIsDrawnAnewForEveryRoundAndSeedAndRepeats) {
    const TopologyOptions options{.kind = TopologyKind::random, .degree = 2};
    const auto first = network(options, 9, 4, 1);
    EXPECT_EQ(network(options, 9, 4, 1), first);
    EXPECT_NE(network(options, 9, 5, 1), first);
    EXPECT_NE(network(options, 9, 4, 2), first);
}

TEST(Topology, RandomSendsToAllWhereThereAreFewer) {
    EXPECT_EQ(network({.kind = TopologyKind::random, .degree = 5}, 3), network({TopologyKind::full}, 3));
}

TEST(Topology, EdgesAreFollowed) {
    EXPECT_EQ(network({.kind = TopologyKind::edges, .edges = "0>2 0>1 2>0"}, 3),
              (std::vector<Islands>{{1, 2}, {}, {0}}));
}

TEST(Topology, OneIslandSendsNothing) {
    for (const auto kind :
         {TopologyKind::none, TopologyKind::ring, TopologyKind::torus, TopologyKind::full, TopologyKind::random})
        EXPECT_EQ(network({kind}, 1), std::vector<Islands>{{}});
}

TEST(Topology, ProblemsAreListedAtOnce) {
    EXPECT_TRUE(problems_of({.kind = TopologyKind::random, .degree = 2}, 3).empty());
    EXPECT_TRUE(problems_of({.kind = TopologyKind::random, .degree = 1}, 1).empty());
    EXPECT_EQ(problems_of({.kind = TopologyKind::random, .degree = 3}, 3).size(), 1u);
    EXPECT_EQ(problems_of({.kind = TopologyKind::edges}, 3).size(), 1u);
    EXPECT_TRUE(problems_of({.kind = TopologyKind::edges, .edges = "0>1"}, 2).empty());
    EXPECT_EQ(problems_of({.kind = TopologyKind::edges, .edges = "0>2 1>1 x"}, 2).size(), 3u);
    EXPECT_TRUE(problems_of({.kind = TopologyKind::ring, .degree = 9, .edges = "x"}, 2).empty()) << "not of this kind";
}

}  // namespace
}  // namespace atnas::evo
