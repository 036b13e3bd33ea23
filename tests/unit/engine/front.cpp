// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/front.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace atnas::engine {
namespace {

using enum evo::ObjectiveName;

class FrontTest : public testing::Test {
  protected:
    /// Of a network of its own.
    evo::Individual member(double fitness, std::int64_t macs, std::int64_t parameters) {
        RandomStream random({.seed = 1, .item = static_cast<std::uint32_t>(next)});
        evo::Individual individual;
        individual.genotype = space->canonical(space->sample(random));
        individual.id = next++;
        individual.fitness = fitness;
        individual.macs = macs;
        individual.parameters = parameters;
        return individual;
    }
    Front front(const std::vector<Island>& islands, std::vector<evo::ObjectiveName> objectives) const {
        return front_of(
            islands,
            {*space, std::move(objectives), {.parameters = 10, .macs = 1000, .memory = 100}, 50, max_latency_});
    }
    static std::vector<std::int64_t> ids(const Front& front) {
        std::vector<std::int64_t> ids;
        for (const evo::Individual& each : front.members) ids.push_back(each.id);
        return ids;
    }

    std::unique_ptr<space::SearchSpace> space = space::make_search_space({});
    double max_latency_{0};
    std::int64_t next{0};
};

using Ids = std::vector<std::int64_t>;

TEST_F(FrontTest, IsOfAllIslandsHighestFitnessFirst) {
    const std::vector<Island> islands{{0, {member(0.25, 250, 5), member(0.2, 500, 5)}},
                                      {1, {member(0.75, 750, 5), member(0.5, 500, 5)}}};
    const Front found = front(islands, {fitness, macs});
    EXPECT_EQ(ids(found), (Ids{2, 3, 0}));
    // Stairs between errors of 0.25, 0.5, 0.75 and 1.
    EXPECT_DOUBLE_EQ(found.hypervolume, 0.25 * (0.25 + 0.5 + 0.75));
    EXPECT_EQ(ids(front(islands, {fitness})), Ids{2});
    EXPECT_DOUBLE_EQ(front(islands, {fitness}).hypervolume, 0.75);
}

TEST_F(FrontTest, OfThreeObjectives) {
    const std::vector<Island> islands{{0, {member(0.5, 500, 9), member(0.5, 600, 5), member(0.5, 600, 6)}}};
    const Front found = front(islands, {fitness, parameters, macs});
    EXPECT_EQ(ids(found), (Ids{0, 1}));
    EXPECT_DOUBLE_EQ(found.hypervolume, 0.5 * (0.5 * 0.1 + 0.4 * 0.5 - 0.4 * 0.1));
}

TEST_F(FrontTest, OfMemoryAndLatencyWithinTheLimit) {
    const auto timed = [&](double accuracy, std::int64_t bytes, double microseconds) {
        evo::Individual individual = member(accuracy, 500, 5);
        individual.memory = bytes;
        individual.latency = microseconds;
        return individual;
    };
    const std::vector<Island> islands{{0, {timed(0.5, 50, 20), timed(0.75, 100, 40), timed(0.25, 60, 30)}}};
    EXPECT_EQ(ids(front(islands, {fitness, memory})), (Ids{1, 0}));
    EXPECT_DOUBLE_EQ(front(islands, {fitness, memory}).hypervolume, 0.5 * 0.5);
    EXPECT_EQ(ids(front(islands, {fitness, latency})), (Ids{1, 0}));
    EXPECT_DOUBLE_EQ(front(islands, {fitness, latency}).hypervolume, 0.5 * 0.6 + 0.25 * 0.2);
    max_latency_ = 30;
    EXPECT_EQ(ids(front(islands, {fitness, latency})), Ids{0});
}

TEST_F(FrontTest, HoldsEveryNetworkOnceAndNobodyWithoutAccuracy) {
    evo::Individual first = member(0.5, 500, 5);
    evo::Individual copy = first;
    copy.id = 77;
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const std::vector<Island> islands{{0, {copy, member(evo::worst_fitness, 1, 1)}}, {1, {first, member(nan, 1, 1)}}};
    EXPECT_EQ(ids(front(islands, {fitness, macs})), Ids{0});
    const std::vector<Island> nobody{{0, {member(evo::worst_fitness, 1, 1)}}};
    EXPECT_TRUE(front(nobody, {fitness, macs}).members.empty());
    EXPECT_EQ(front(nobody, {fitness, macs}).hypervolume, 0.0);
}

TEST_F(FrontTest, WhatCostsTheMostAddsNothing) {
    const std::vector<Island> islands{{0, {member(0.9, 1000, 5), member(0.5, 500, 5)}}};
    EXPECT_DOUBLE_EQ(front(islands, {fitness, macs}).hypervolume, 0.25);
}

TEST_F(FrontTest, HasNobodyWhomRacingSortedOut) {
    evo::Individual dear = member(0.5, 500, 5);
    evo::Individual cheap = member(0.4, 400, 5);
    evo::Individual broken = member(evo::worst_fitness, 1, 1);
    dear.rounds = cheap.rounds = 1;
    broken.rounds = 2;
    const std::vector<Island> islands{{0, {dear, member(0.9, 900, 5), cheap, member(0.1, 100, 5), broken}}};
    EXPECT_EQ(ids(front(islands, {fitness, macs})), (Ids{0, 1}));
}

}  // namespace
}  // namespace atnas::engine
