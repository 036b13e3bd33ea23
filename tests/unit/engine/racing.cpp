// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/racing.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "atnas/evo/cautious_fitness.hpp"

namespace atnas::engine {
namespace {

using Indices = std::vector<std::size_t>;

/// Islands whose members stand for these genotypes, with ids of their own.
struct Field {
    explicit Field(std::vector<Indices> genotypes) : of_member(std::move(genotypes)) {
        std::int64_t id = 0;
        for (const Indices& members : of_member) {
            evo::Population population;
            for (std::size_t m = 0; m < members.size(); ++m) population.push_back({.id = id++});
            islands.emplace_back(static_cast<int>(islands.size()), population);
        }
    }
    Starters starters() const { return {islands, of_member}; }

    std::vector<Indices> of_member;
    std::vector<Island> islands;
};

std::vector<Evidence> evidence_with(const std::vector<double>& fitness) {
    std::vector<Evidence> evidence;
    for (const double each : fitness) evidence.push_back({.fitness = each});
    return evidence;
}

Racers going(const Field& field, const Racers& racing, const std::vector<double>& fitness) {
    return going_on(field.starters(), racing, evidence_with(fitness), *evo::make_selection({}));
}

TEST(Racing, RoundsGrow) {
    EXPECT_EQ(round_ends(20, 1), (Indices{20}));
    EXPECT_EQ(round_ends(20, 3), (Indices{5, 10, 20}));
    EXPECT_EQ(round_ends(3, 2), (Indices{1, 3}));
    EXPECT_EQ(round_ends(1, most_rounds(1)), (Indices{1}));
    for (const int tasks : {2, 3, 4, 7, 8, 100}) {
        EXPECT_EQ(round_ends(tasks, most_rounds(tasks)).front(), 1u) << tasks;
        EXPECT_EQ(round_ends(tasks, most_rounds(tasks)).back(), static_cast<std::size_t>(tasks));
    }
}

TEST(Racing, TheBetterHalfOfEveryIslandGoesOn) {
    const Field field({{0, 1, 2, 3}, {4, 5, 6}});
    EXPECT_EQ(going(field, {{0, 1, 2, 3}, {0, 1, 2}}, {0.1, 0.9, 0.8, 0.2, 0.3, 0.1, 0.2}), (Racers{{1, 2}, {0, 2}}));
    EXPECT_EQ(going(field, {{1, 2}, {0, 2}}, {0.9, 0.7, 0.8, 0.9, 0.3, 0.9, 0.4}), (Racers{{2}, {2}}))
        << "of those who race";
    EXPECT_EQ(going(field, {{2}, {2}}, {0, 0, 0.1, 0, 0, 0, 0.1}), (Racers{{2}, {2}})) << "one is its own better half";
}

TEST(Racing, AGenotypeOfSeveralIslandsIsInOnThoseWhereItWentOn) {
    // 1 is the worst of its first island and the best of the second.
    const Field field({{0, 1}, {1, 2}});
    const Racers on = going(field, {{0, 1}, {0, 1}}, {0.9, 0.5, 0.1});
    EXPECT_EQ(on, (Racers{{0}, {0}}));
    EXPECT_EQ(genotypes_of(field.starters(), on), (Indices{0, 1}));
    EXPECT_EQ(going(Field({{0, 0, 1, 2}}), {{0, 1, 2, 3}}, {0.9, 0.5, 0.1}), (Racers{{0, 1}})) << "members count";
}

TEST(Racing, WhoIsBrokenIsOut) {
    EXPECT_EQ(going(Field({{0, 1, 2, 3}}), {{0, 1, 2, 3}}, {NAN, NAN, NAN, 0.1}), (Racers{{3}}));
    const Field field({{0, 1}});
    const Racers nobody = going(field, {{0, 1}}, {NAN, NAN});
    EXPECT_TRUE(genotypes_of(field.starters(), nobody).empty());
}

TEST(Racing, WhatWasKnownBeforeCountsNothing) {
    Field field({{0, 1}});
    for (evo::Individual& member : field.islands[0].population()) member.difference_error = 0.9;
    field.islands[0].population()[0].rounds = 1;
    const Racers on = going_on(field.starters(), {{0, 1}}, evidence_with({0.2, 0.3}),
                               *evo::make_selection({}, evo::cautious_objectives(3)));
    EXPECT_EQ(on, (Racers{{1}}));
}

TEST(Racing, TheBestElderGoesOnWhereItIsGuarded) {
    Field field({{0, 1, 2}, {3, 4}});
    for (Island& island : field.islands) island.population()[0].age = 1;
    const std::vector<Evidence> evidence = evidence_with({0.1, 0.8, 0.9, NAN, 0.2});
    Starters starters = field.starters();
    starters.guard = Guard::best_elder;
    const auto selection = evo::make_selection({});
    EXPECT_EQ(going_on(starters, {{0, 1, 2}, {0, 1}}, evidence, *selection), (Racers{{0, 1, 2}, {1}}));
    field.islands[0].population()[0].age = 0;
    EXPECT_EQ(going_on(starters, {{0, 1, 2}, {0, 1}}, evidence, *selection), (Racers{{1, 2}, {1}})) << "a newcomer";
}

}  // namespace
}  // namespace atnas::engine
