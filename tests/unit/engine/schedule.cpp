// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/schedule.hpp"

#include <algorithm>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "atnas/core/random.hpp"
#include "atnas/core/timer.hpp"

namespace atnas::engine {
namespace {

using Lists = std::vector<std::vector<std::size_t>>;

/// Items of random cost in [0.1, 1], as many for every island.
std::vector<WorkItem> random_items(int islands, int each, int ranks, std::uint64_t seed = 1) {
    RandomStream random({.seed = seed, .purpose = Purpose::bench});
    std::vector<WorkItem> items;
    for (int island = 0; island < islands; ++island)
        for (int i = 0; i < each; ++i)
            items.push_back({0.1 + 0.9 * random.uniform(), comm::home_of(island, islands, ranks)});
    return items;
}

std::vector<double> loads_of(const Schedule& schedule, std::span<const WorkItem> items) {
    std::vector<double> loads;
    for (const auto& list : schedule) {
        double load = 0;
        for (const std::size_t item : list) load += items[item].cost;
        loads.push_back(load);
    }
    return loads;
}

/// What no schedule is quicker than: the mean, the longest item, and the two shortest of the longest ranks + 1.
double lower_bound(std::span<const WorkItem> items, std::size_t ranks) {
    double total = 0;
    std::vector<double> costs;
    for (const WorkItem& item : items) {
        total += item.cost;
        costs.push_back(item.cost);
    }
    std::ranges::sort(costs, std::greater<>());
    const double pair = costs.size() > ranks ? costs[ranks - 1] + costs[ranks] : 0;
    return std::max({total / static_cast<double>(ranks), costs.front(), pair});
}

TEST(Schedule, LongestFirstAndEqualOnesByIndex) {
    const comm::RankBlock home{0, 1};
    const std::vector<WorkItem> items{{1, home}, {3, home}, {2, home}, {3, home}};
    EXPECT_EQ(make_schedule(items, 1), (Lists{{1, 3, 2, 0}}));
    EXPECT_EQ(make_schedule({}, 2), (Lists{{}, {}}));
}

TEST(Schedule, WhatBalancesAtHomeStaysThere) {
    const std::vector<WorkItem> items{{1, {1, 1}}, {1, {0, 1}}, {1, {1, 1}}, {1, {0, 1}}};
    EXPECT_EQ(make_schedule(items, 2), (Lists{{1, 3}, {0, 2}}));
}

TEST(Schedule, WhatOverloadsItsHomeGoesToTheLeastLoadedRank) {
    const comm::RankBlock home{2, 1};
    EXPECT_EQ(make_schedule(std::vector<WorkItem>{{4, home}, {3, home}, {2, home}}, 3), (Lists{{1}, {2}, {0}}));
    // Nobody is loaded less than the home: no reason to leave it.
    EXPECT_EQ(make_schedule(std::vector<WorkItem>{{1, {0, 1}}, {1, {1, 1}}, {1, {1, 1}}}, 2), (Lists{{0}, {1, 2}}));
}

TEST(Schedule, AHomeOfSeveralRanksSharesItsItems) {
    const std::vector<WorkItem> items{{1, {0, 2}}, {1, {0, 2}}, {1, {2, 3}}, {1, {2, 3}}, {1, {2, 3}}};
    EXPECT_EQ(make_schedule(items, 5), (Lists{{0}, {1}, {2}, {3}, {4}}));
}

TEST(Schedule, SlackKeepsItemsAtHome) {
    // Mean 5: the home may have 5.5, or 6.
    const comm::RankBlock home{0, 1};
    const std::vector<WorkItem> items{{4, home}, {4, home}, {2, home}};
    EXPECT_EQ(make_schedule(items, 2, {.slack = 0.1}), (Lists{{0, 2}, {1}}));
    EXPECT_EQ(make_schedule(items, 2, {.slack = 0.6}), (Lists{{0, 1}, {2}}));
    EXPECT_EQ(make_schedule(items, 2, {.slack = 1}), (Lists{{0, 1, 2}, {}}));
}

TEST(Schedule, EveryItemIsThereOnceAndListsAreLongestFirst) {
    for (const int ranks : {1, 2, 3, 7, 8, 20, 100}) {
        const auto items = random_items(7, 9, ranks);
        const Schedule schedule = make_schedule(items, ranks);
        ASSERT_EQ(schedule.size(), static_cast<std::size_t>(ranks));
        std::vector<int> times(items.size());
        for (const auto& list : schedule) {
            for (const std::size_t item : list) ++times[item];
            EXPECT_TRUE(std::ranges::is_sorted(list, [&](auto a, auto b) { return items[a].cost > items[b].cost; }));
        }
        EXPECT_EQ(times, std::vector<int>(items.size(), 1)) << ranks;
    }
}

TEST(Schedule, NoRankIsLoadedBeyondGrahamsBound) {
    for (const int ranks : {2, 3, 8, 64})
        for (const int islands : {ranks / 2, ranks, 2 * ranks})
            for (const int each : {1, 2, 4, 8})
                for (std::uint64_t seed = 1; seed <= 20; ++seed) {
                    const auto items = random_items(islands, each, ranks, seed);
                    const auto loads = loads_of(make_schedule(items, ranks), items);
                    EXPECT_LE(std::ranges::max(loads),
                              (4.0 / 3 - 1.0 / (3 * ranks)) * lower_bound(items, static_cast<std::size_t>(ranks)))
                        << ranks << " ranks, " << islands << " islands of " << each << ", seed " << seed;
                }
}

TEST(Schedule, EightItemsARankAreNearlyBalanced) {
    const auto items = random_items(64, 8, 64);
    const auto loads = loads_of(make_schedule(items, 64), items);
    EXPECT_LE(std::ranges::max(loads), 1.05 * lower_bound(items, 64));
}

/// The least of some tries, for others use the machine as well.
double seconds_for(std::span<const WorkItem> items, int ranks) {
    double least = 1e9;
    for (int i = 0; i < 5; ++i) {
        const Stopwatch watch;
        EXPECT_EQ(make_schedule(items, ranks).size(), static_cast<std::size_t>(ranks));
        least = std::min(least, watch.seconds());
    }
    return least;
}

TEST(Schedule, OfManyRanksTakesLittleLongerThanOfFew) {
    constexpr int count = 65536;
    const double few = seconds_for(random_items(2, count / 2, 4), 4);
    for (const int islands : {2, 4096}) {
        const double many = seconds_for(random_items(islands, count / islands, 4096), 4096);
        RecordProperty("ms_of_" + std::to_string(islands) + "_islands", std::to_string(many * 1e3));
        // 2 to 3; more than 20 where ranks are looked at one by one.
        EXPECT_LT(many / few, 8) << islands << " islands: " << many << " s";
    }
}

}  // namespace
}  // namespace atnas::engine
