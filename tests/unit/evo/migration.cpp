// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/migration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "members.hpp"

namespace atnas::evo {
namespace {

using test::ids_of;
using test::member;
using test::nan;

const std::unique_ptr<Selection> selection = make_selection({});

Population ranked(Population population) {
    selection->rank(population);
    return population;
}

/// Takes immigrants in; returns the records.
std::vector<MigrationRecord> receive(Population& population, std::span<const Individual> immigrants,
                                     const MigrationOptions& options = {}, const Journey& journey = {.to = 1}) {
    return immigrate(population, immigrants, journey, options, *selection);
}

TEST(Migration, TheBestEmigrate) {
    const Population population = ranked({member(0.1, 1), member(0.9, 2), member(nan, 3), member(0.5, 4)});
    const auto sent = [&](int migrants) {
        std::vector<std::int64_t> ids;
        for (const Individual& each : emigrants(population, {}, {.migrants = migrants})) ids.push_back(each.id);
        return ids;
    };
    EXPECT_EQ(sent(0), (std::vector<std::int64_t>{}));
    EXPECT_EQ(sent(1), (std::vector<std::int64_t>{102}));
    EXPECT_EQ(sent(2), (std::vector<std::int64_t>{102, 104}));
    EXPECT_EQ(sent(9), (std::vector<std::int64_t>{102, 104, 101})) << "nobody without fitness leaves";
}

TEST(Migration, ImmigrantsReplaceTheWorstUnlessKnownOrWorse) {
    Population population = ranked({member(0.3, 1), member(0.9, 2), member(0.5, 3)});
    const std::vector<Individual> immigrants{member(0.2, 4), member(0.9, 2), member(0.7, 5), member(0.4, 6),
                                             member(nan, 7)};
    const auto log = receive(population, immigrants, {}, {.from = 3, .to = 4, .generation = 12});

    ASSERT_EQ(population.size(), 3u);
    EXPECT_EQ(population[0].id, 102);
    EXPECT_EQ(population[1].id, 105);
    EXPECT_EQ(population[2].id, 103);
    EXPECT_TRUE(selection->is_ranked(population));

    ASSERT_EQ(log.size(), 5u);
    const Admission expected[] = {Admission::worse, Admission::duplicate, Admission::accepted, Admission::worse,
                                  Admission::worse};
    for (std::size_t i = 0; i < 5; ++i) {
        const MigrationRecord& record = log[i];
        EXPECT_EQ(record.admission, expected[i]) << i;
        EXPECT_EQ(record.genotype, immigrants[i].genotype);
        EXPECT_EQ(record.generation, 12);
        EXPECT_EQ(record.from, 3);
        EXPECT_EQ(record.to, 4);
    }
    EXPECT_EQ(log[2].fitness, 0.7);
}

TEST(Migration, ImmigrantsDisplaceTheUnevaluated) {
    Population population = ranked({member(0.9, 2), member(nan, 3)});
    const auto log = receive(population, std::vector{member(-5.0, 4), member(nan, 5)}, {}, {.to = 1});
    EXPECT_EQ(population[1].id, 104);
    EXPECT_EQ(log[1].admission, Admission::worse);
}

TEST(Migration, ImmigrantsWithoutFitnessAreRefusedEvenWhereNobodyHasAny) {
    Population population = ranked({member(nan, 2), member(nan, 3)});
    const auto log = receive(population, std::vector{member(nan, 1)}, {}, {.to = 1});
    EXPECT_EQ(log[0].admission, Admission::worse);
    EXPECT_EQ(population[1].id, 103);
}

TEST(Migration, RepeatedImmigrantsEnterOnce) {
    Population population = ranked({member(0.1, 1), member(0.2, 2), member(0.3, 3)});
    const auto log = receive(population, std::vector{member(0.9, 4), member(0.9, 4)}, {}, {.to = 1});
    EXPECT_EQ(log[0].admission, Admission::accepted);
    EXPECT_EQ(log[1].admission, Admission::duplicate);
    EXPECT_EQ(population[1].id, 103);
    EXPECT_EQ(population[2].id, 102);
}

/// Fitness falls from member to member; all are of different age, the best the oldest, then the third.
Population sample() {
    return ranked({member(0.9, 1, 9), member(0.8, 2, 1), member(0.7, 3, 8), member(0.6, 4, 2), member(nan, 5, 0)});
}

/// Whom one immigrant with \p fitness displaces: their id, or -1.
std::int64_t displaced(const MigrationOptions& options, double fitness, const Journey& journey = {.seed = 1, .to = 1}) {
    const Population before = sample();
    Population after = before;
    const auto log = receive(after, std::vector{member(fitness, 50)}, options, journey);
    EXPECT_EQ(after.size(), before.size());
    EXPECT_TRUE(selection->is_ranked(after));
    for (const Individual& each : before) {
        if (std::ranges::find(after, each.id, &Individual::id) == after.end()) return each.id;
    }
    return -1;
}

TEST(Migration, RandomEmigrantsAreDistinctAndEvaluatedAndAnyOfThem) {
    const MigrationOptions options{.migrants = 2, .emigrants = EmigrantPolicy::random};
    std::set<std::int64_t> seen;
    for (int generation = 0; generation < 30; ++generation) {
        const auto ids = ids_of(emigrants(sample(), {.seed = 1, .generation = generation}, options));
        ASSERT_EQ(ids.size(), 2u);
        EXPECT_NE(ids[0], ids[1]);
        seen.insert(ids.begin(), ids.end());
    }
    EXPECT_EQ(seen, (std::set<std::int64_t>{101, 102, 103, 104}));
    EXPECT_EQ(emigrants(sample(), {}, {.migrants = 9, .emigrants = EmigrantPolicy::random}).size(), 4u);
}

TEST(Migration, TournamentsOfAllAreWonByTheBest) {
    const auto winners = [](int contestants, int generation) {
        return ids_of(emigrants(sample(), {.seed = 1, .generation = generation},
                                {.migrants = 2, .emigrants = EmigrantPolicy::tournament, .tournament = contestants}));
    };
    std::set<std::int64_t> seen;
    for (int generation = 0; generation < 30; ++generation) {
        EXPECT_EQ(winners(4, generation), (std::vector<std::int64_t>{101, 102}));
        const auto of_two = winners(2, generation);
        seen.insert(of_two.begin(), of_two.end());
    }
    EXPECT_EQ(seen, (std::set<std::int64_t>{101, 102, 103})) << "the worst of four wins none of two";
}

TEST(Migration, WhoLeavesIsDrawnForEveryEdgeAndGeneration) {
    const Population population = [] {
        Population many;
        for (std::int8_t i = 0; i < 40; ++i) many.push_back(member(0.01 * i, i));
        return ranked(many);
    }();
    const auto drawn = [&](const Journey& journey) {
        return ids_of(emigrants(population, journey, {.migrants = 5, .emigrants = EmigrantPolicy::random}));
    };
    const Journey journey{1, 2, 3, 4};
    EXPECT_EQ(drawn(journey), drawn(journey));
    for (const Journey& other : {Journey{0, 2, 3, 4}, Journey{1, 0, 3, 4}, Journey{1, 2, 0, 4}, Journey{1, 2, 3, 0}})
        EXPECT_NE(drawn(journey), drawn(other));
}

TEST(Migration, WorstReplacement) {
    EXPECT_EQ(displaced({}, 0.1), 105);
}

TEST(Migration, OldestReplacementSparesTheBest) {
    const MigrationOptions options{.replace = ReplacementPolicy::oldest};
    EXPECT_EQ(displaced(options, 0.75), 103);
    EXPECT_EQ(displaced(options, 0.65), -1) << "worse than the oldest, though better than others";
}

TEST(Migration, OfTheOldestTheLastInRankIsReplaced) {
    Population population = ranked({member(0.9, 1, 4), member(0.8, 2, 4), member(0.7, 3, 4), member(0.6, 4, 1)});
    const auto log = receive(population, std::vector{member(0.95, 5)}, {.replace = ReplacementPolicy::oldest}, {});
    EXPECT_EQ(ids_of(population), (std::vector<std::int64_t>{105, 101, 102, 104}));
}

TEST(Migration, RandomReplacementSparesTheBestAloneAndIsDrawnPerImmigrant) {
    const MigrationOptions options{.replace = ReplacementPolicy::random, .accept = AcceptancePolicy::always};
    std::set<std::int64_t> seen;
    for (int generation = 0; generation < 40; ++generation)
        seen.insert(displaced(options, 0.0, {.seed = 1, .to = 1, .generation = generation}));
    EXPECT_EQ(seen, (std::set<std::int64_t>{102, 103, 104, 105}));
    seen.clear();
    for (int from = 0; from < 40; ++from) seen.insert(displaced(options, 0.0, {.seed = 1, .from = from, .to = 1}));
    EXPECT_EQ(seen.size(), 4u);

    // Many at once, none better than anybody: were all drawn alike, all but one old member would stay.
    Population population = sample();
    std::vector<Individual> immigrants;
    for (std::int8_t i = 0; i < 30; ++i) immigrants.push_back(member(0.01, static_cast<std::int8_t>(60 + i)));
    const auto log = receive(population, immigrants, options, {.seed = 1, .to = 1});
    EXPECT_EQ(population[0].id, 101);
    EXPECT_EQ(std::ranges::count_if(population, [](const Individual& each) { return each.id < 160; }), 1);
}

TEST(Migration, AlwaysAcceptsTheWorse) {
    for (const auto replace : {ReplacementPolicy::worst, ReplacementPolicy::random, ReplacementPolicy::oldest}) {
        const auto gone = displaced({.replace = replace, .accept = AcceptancePolicy::always}, -1.0);
        EXPECT_NE(gone, -1) << "nobody was replaced";
        EXPECT_NE(gone, 101) << "the best was replaced";
    }
}

TEST(Migration, AlwaysRefusesDuplicates) {
    Population population = sample();
    const auto log = receive(population, std::vector{member(0.99, 3)}, {.accept = AcceptancePolicy::always}, {});
    EXPECT_EQ(log[0].admission, Admission::duplicate);
    EXPECT_EQ(ids_of(population), ids_of(sample()));
}

TEST(Migration, ALoneMemberGivesWayToABetterOneOnly) {
    for (const auto replace : {ReplacementPolicy::worst, ReplacementPolicy::random, ReplacementPolicy::oldest}) {
        Population population{member(0.5, 1)};
        const MigrationOptions options{.replace = replace, .accept = AcceptancePolicy::always};
        const auto log = receive(population, std::vector{member(0.4, 2), member(0.6, 3)}, options, {});
        EXPECT_EQ(log[0].admission, Admission::worse);
        EXPECT_EQ(log[1].admission, Admission::accepted);
        EXPECT_EQ(population[0].id, 103);
    }
}

}  // namespace
}  // namespace atnas::evo
