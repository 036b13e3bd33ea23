// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/objectives.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <utility>
#include <vector>

namespace atnas::evo {
namespace {

Individual member(double fitness, std::int64_t macs = 0, std::vector<std::int8_t> genes = {}, std::int64_t id = 0) {
    Individual individual;
    individual.fitness = fitness;
    individual.macs = macs;
    individual.genotype.genes = std::move(genes);
    individual.id = id;
    return individual;
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(Objectives, LargerFitnessIsBetterThenFewerMacsThenGenotypeThenId) {
    const auto expect_better = [](const Individual& a, const Individual& b) {
        EXPECT_TRUE(Objectives().better(a, b));
        EXPECT_FALSE(Objectives().better(b, a));
    };
    expect_better(member(0.9, 100), member(0.8, 1));
    expect_better(member(0.9, 1, {5}), member(0.9, 2, {1}));
    expect_better(member(0.9, 1, {1, 7}, 9), member(0.9, 1, {2, 0}, 3));
    expect_better(member(0.9, 1, {1}, 3), member(0.9, 1, {1}, 9));
    EXPECT_FALSE(Objectives().better(member(0.9, 1, {1}, 3), member(0.9, 1, {1}, 3)));
}

TEST(Objectives, WhoWentFurtherInRacingComesBeforeWhoWasBetterAndStopped) {
    Individual stopped = member(0.9);
    Individual further = member(0.5);
    further.rounds = 1;
    EXPECT_TRUE(Objectives().better(further, stopped));
    EXPECT_FALSE(Objectives().better(stopped, further));
    further.fitness = nan;
    EXPECT_TRUE(Objectives().better(stopped, further)) << "evaluated ones come first";
}

TEST(Objectives, UnevaluatedComesLast) {
    EXPECT_TRUE(Objectives().better(member(-std::numeric_limits<double>::infinity(), 9), member(nan, 1)));
    EXPECT_FALSE(Objectives().better(member(nan, 1), member(-1.0, 9)));
    EXPECT_TRUE(Objectives().better(member(nan, 1), member(nan, 2)));
    EXPECT_FALSE(Objectives().better(member(nan, 2), member(nan, 1)));
}

TEST(Objectives, KnownAreThoseWithANumberEach) {
    EXPECT_TRUE(Objectives().are_known(member(worst_fitness)));
    EXPECT_FALSE(Objectives().are_known(member(nan)));
}

TEST(Objectives, TheFirstValueCountsMostAndItsSenseIsKept) {
    const Objectives smallest({{&Individual::fitness, Sense::smaller_is_better}});
    EXPECT_TRUE(smallest.better(member(0.1), member(0.2)));
    EXPECT_TRUE(smallest.better(member(0.2), member(nan)));
    const Objectives twice(
        {{&Individual::fitness, Sense::larger_is_better}, {&Individual::fitness, Sense::smaller_is_better}});
    EXPECT_TRUE(twice.better(member(0.2), member(0.1)));
}

TEST(Objectives, MinimisedValuesAreSmallerWhereTheyAreBetter) {
    const Objectives both({{&Individual::fitness, Sense::larger_is_better},
                           {[](const Individual& individual) { return static_cast<double>(individual.macs); },
                            Sense::smaller_is_better}});
    EXPECT_EQ(both.count(), 2u);
    EXPECT_EQ(both.minimised(member(0.5, 7)), (std::vector<double>{-0.5, 7.0}));
}

TEST(Objectives, HaveNames) {
    Individual small = member(0.5, 7);
    small.parameters = 3;
    const std::vector all{ObjectiveName::fitness, ObjectiveName::parameters, ObjectiveName::macs};
    EXPECT_EQ(Objectives(all).minimised(small), (std::vector<double>{-0.5, 3.0, 7.0}));
    EXPECT_FALSE(Objectives(all).are_known(member(nan)));
    small.memory = 11;
    const std::vector measured{ObjectiveName::memory, ObjectiveName::latency};
    EXPECT_FALSE(Objectives(measured).are_known(small)) << "its latency was not measured";
    small.latency = 2.5;
    EXPECT_EQ(Objectives(measured).minimised(small), (std::vector<double>{11.0, 2.5}));
}

TEST(Objectives, WhoExceedsALimitComesBehindAllThatDoNot) {
    const auto timed = [](double fitness, double latency) {
        Individual individual = member(fitness);
        individual.latency = latency;
        return individual;
    };
    const Objectives limited = Objectives().within({&Individual::latency, 10});
    EXPECT_EQ(limited.excess(timed(0.5, 10)), 0);
    EXPECT_DOUBLE_EQ(limited.excess(timed(0.5, 15)), 0.5);
    EXPECT_EQ(limited.excess(member(0.5)), 0) << "not measured";
    EXPECT_EQ(limited.fitness_within_limits(timed(0.5, 10)), 0.5);
    EXPECT_EQ(limited.fitness_within_limits(timed(0.5, 11)), worst_fitness);
    EXPECT_TRUE(limited.better(timed(0.1, 10), timed(0.9, 11)));
    EXPECT_TRUE(limited.better(timed(0.1, 11), timed(0.9, 12))) << "the least excess first";
    EXPECT_TRUE(limited.better(timed(0.9, 9), timed(0.1, 1)));
    EXPECT_TRUE(limited.better(timed(0.1, 99), timed(nan, 1)));
    EXPECT_TRUE(Objectives().better(timed(0.9, 11), timed(0.1, 10))) << "there is no limit";
}

TEST(Objectives, AValueMayFollowFromSeveralFields) {
    const Objectives per_mac(
        {{[](const Individual& individual) { return individual.fitness / static_cast<double>(individual.macs); },
          Sense::larger_is_better}});
    EXPECT_TRUE(per_mac.better(member(0.5, 1), member(0.9, 2)));
    EXPECT_FALSE(per_mac.better(member(0.5, 2), member(0.9, 3)));
}

}  // namespace
}  // namespace atnas::evo
