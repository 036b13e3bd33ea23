// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/nsga2_selection.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "members.hpp"

namespace atnas::evo {
namespace {

using test::ids_of;
using test::nan;
using Ids = std::vector<std::int64_t>;

const Objectives fitness_and_macs{
    {{&Individual::fitness, Sense::larger_is_better},
     {[](const Individual& individual) { return static_cast<double>(individual.macs); }, Sense::smaller_is_better}}};

/// Its id is 100 + \p gene.
Individual member(double fitness, std::int64_t macs, std::int8_t gene, std::int64_t age = 0) {
    Individual individual = test::member(fitness, gene, age);
    individual.macs = macs;
    return individual;
}

/// In rank: the ends of the first front, its middle by crowding, the second front, no finite loss, not evaluated.
Population ranked_members() {
    return {member(0.9, 900, 1), member(0.1, 100, 2), member(0.6, 500, 3),         member(0.5, 200, 4),
            member(0.3, 190, 5), member(0.4, 600, 6), member(worst_fitness, 1, 7), member(nan, 1, 8)};
}

TEST(Nsga2Selection, RanksByFrontThenCrowdingWhateverTheOrder) {
    const Nsga2Selection selection({}, fitness_and_macs);
    Population population = ranked_members();
    std::ranges::sort(population, {}, [](const Individual& m) { return m.genotype; });
    do {
        Population shuffled = population;
        selection.rank(shuffled);
        ASSERT_EQ(ids_of(shuffled), ids_of(ranked_members()));
        ASSERT_TRUE(selection.is_ranked(shuffled));
    } while (std::ranges::next_permutation(population, {}, &Individual::id).found);
    EXPECT_FALSE(selection.is_ranked(Population{member(0.1, 100, 2), member(0.9, 900, 1)}));
}

TEST(Nsga2Selection, TheFirstIsTheBestOfTheFirstObjective) {
    const Nsga2Selection selection({}, fitness_and_macs);
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        RandomStream random({.seed = seed});
        Population population;
        for (std::int8_t gene = 0; gene < 12; ++gene)
            population.push_back(member(0.25 * random.index(4), 100 * random.index(4), gene));
        selection.rank(population);
        const auto best = std::ranges::min_element(
            population, [](const Individual& a, const Individual& b) { return fitness_and_macs.better(a, b); });
        EXPECT_EQ(best, population.begin()) << seed;
    }
}

TEST(Nsga2Selection, WhoStoppedEarlyInRacingComesBehindWhoWentFurther) {
    Population population = ranked_members();
    for (const std::size_t place : {1u, 3u, 5u}) population[place].rounds = 1;
    Nsga2Selection({}, fitness_and_macs).rank(population);
    // Ranked among themselves: 2, 4 and 6 are one front, then the ends 1 and 5 of the front of the others, and 3 in it.
    EXPECT_EQ(ids_of(population), (Ids{104, 102, 106, 101, 105, 103, 107, 108}));
}

TEST(Nsga2Selection, WhoExceedsALimitComesBehindWhoDoesNot) {
    Population population = ranked_members();
    population[0].latency = 12;
    population[3].latency = 11;
    population[1].latency = 10;
    Nsga2Selection({}, fitness_and_macs.within({&Individual::latency, 10})).rank(population);
    // Of the others 2, 3 and 5 are the first front; what is broken is no solution, but exceeds nothing.
    EXPECT_EQ(ids_of(population), (Ids{103, 102, 105, 106, 107, 104, 101, 108}));
}

TEST(Nsga2Selection, CopiesOfValuesFollowTheRestOfTheirFront) {
    Population population{member(0.9, 900, 1), member(0.9, 900, 2), member(0.5, 300, 3), member(0.1, 100, 4),
                          member(0.5, 300, 5)};
    Nsga2Selection({}, fitness_and_macs).rank(population);
    EXPECT_EQ(ids_of(population), (Ids{101, 104, 103, 102, 105}));
}

TEST(Nsga2Selection, EliteAndAgeCountInRank) {
    Population ranked = ranked_members();
    for (Individual& each : ranked) each.age = 3;
    ranked[3].age = 0;
    const auto survivors = [&](const SelectionOptions& options, std::size_t places) {
        return ids_of(Nsga2Selection(options, fitness_and_macs).survivors(ranked, places));
    };
    EXPECT_EQ(survivors({}, 4), (Ids{101, 102, 103, 104}));
    EXPECT_EQ(survivors({.elite = 1, .max_age = 3}, 4), (Ids{101, 104}));
    EXPECT_EQ(survivors({.elite = 2, .max_age = 4}, 3), (Ids{101, 102, 103}));
}

TEST(Nsga2Selection, ParentsWinCrowdedTournaments) {
    const Population ranked = ranked_members();
    RandomStream random({.seed = 1});
    const Nsga2Selection of_all({.tournament = 8}, fitness_and_macs);
    EXPECT_EQ(of_all.parent(ranked, {}, random), 0u);
    EXPECT_EQ(of_all.parent(ranked, 0, random), 1u);
    const Nsga2Selection binary({.tournament = 2}, fitness_and_macs);
    int last_wins = 0;
    for (int i = 0; i < 1000; ++i) last_wins += binary.parent(ranked, {}, random) == 7 ? 1 : 0;
    EXPECT_EQ(last_wins, 0);
}

TEST(Nsga2Selection, ImmigrantsReplaceWhoWouldStandBehindThem) {
    const Nsga2Selection selection({}, fitness_and_macs);
    const Population ranked{member(0.9, 900, 1), member(0.1, 100, 2), member(0.5, 500, 3), member(0.45, 450, 4)};
    ASSERT_TRUE(selection.is_ranked(ranked));
    const auto may = [&](const Individual& immigrant, std::size_t place) {
        return selection.may_replace(immigrant, ranked, place);
    };
    EXPECT_TRUE(may(member(0.5, 400, 9), 3)) << "it dominates";
    EXPECT_TRUE(may(member(0.2, 200, 9), 3)) << "it fills a gap of the front";
    EXPECT_FALSE(may(member(0.46, 460, 9), 2)) << "the front is crowded there";
    EXPECT_FALSE(may(member(0.4, 500, 9), 3)) << "it is dominated";
    EXPECT_FALSE(may(member(0.89, 100, 9), 0)) << "cheaper, but not the best of the first objective";
    EXPECT_TRUE(may(member(0.91, 5000, 9), 0));
    EXPECT_TRUE(may(member(0.9, 800, 9), 0));
    EXPECT_FALSE(may(member(nan, 1, 9), 3));
    EXPECT_FALSE(may(member(worst_fitness, 1, 9), 3)) << "cheap but broken";
}

}  // namespace
}  // namespace atnas::evo
