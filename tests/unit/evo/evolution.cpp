// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/evolution.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "evolution_test.hpp"

namespace atnas::evo {
namespace {

using namespace test;

TEST_F(EvolutionTest, SurvivorsAreTheBestAndChildrenFillUp) {
    const EvolutionOptions options{.population = 8, .selection = {.elite = 2}, .variation = {.offspring = 3}};
    const Population before = evaluated(options, [](std::size_t i) { return static_cast<double>(i); });
    const Population after = next(options, before, 6);
    ASSERT_EQ(after.size(), 8u);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(after[i].id, before[7 - i].id);
        EXPECT_EQ(after[i].fitness, before[7 - i].fitness);
        EXPECT_EQ(after[i].age, 1);
        EXPECT_EQ(after[i].birth, 0);
    }
    for (std::size_t i = 5; i < 8; ++i) {
        EXPECT_TRUE(std::isnan(after[i].fitness));
        EXPECT_EQ(after[i].birth, 7);
        EXPECT_EQ(after[i].age, 0);
        EXPECT_EQ(after[i].id, 7 * 3 * 4096 + static_cast<std::int64_t>(i) - 5);
        EXPECT_EQ(after[i].macs, costs.subnet(after[i].genotype).macs);
        const auto known = ids(before);
        EXPECT_NE(std::ranges::find(known, after[i].parents[0]), known.end());
    }
    EXPECT_EQ(genotypes(after).size(), 8u);
}

TEST_F(EvolutionTest, OffspringActs) {
    for (const int offspring : {0, 1, 6}) {
        const EvolutionOptions options{.variation = {.offspring = offspring}};
        const Population after = next(options, evaluated(options, by_place));
        EXPECT_EQ(std::ranges::count(after, 1, &Individual::birth), offspring);
        EXPECT_EQ(after.size(), 8u);
    }
}

TEST_F(EvolutionTest, MembersOverAgeDieUnlessElite) {
    EvolutionOptions options{.selection = {.elite = 1, .max_age = 3}, .variation = {.offspring = 2}};
    Population before = evaluated(options, by_place);
    const int ages[] = {9, 3, 2, 9, 0, 1, 4, 0};
    for (std::size_t i = 0; i < 8; ++i) before[i].age = ages[i];

    const Population after = next(options, before);
    const auto survivors = ids(Population(after.begin(), after.begin() + 5));
    EXPECT_EQ(survivors, (std::vector<std::int64_t>{0, 2, 4, 5, 7})) << "the elite stays, 3 generations are the limit";
    EXPECT_EQ(std::ranges::count(after, 1, &Individual::birth), 3) << "children take the places of the dead";
    EXPECT_EQ(after[1].age, 3);

    options.selection.elite = 0;
    EXPECT_EQ(ids(next(options, before))[0], 2);
    options.selection.max_age = 0;
    EXPECT_EQ(ids(next(options, before))[0], 0);
    EXPECT_EQ(std::ranges::count(next(options, before), 1, &Individual::birth), 2);
}

TEST_F(EvolutionTest, EliteActs) {
    EvolutionOptions options{.selection = {.max_age = 1}, .variation = {.offspring = 4}};
    Population before = evaluated(options, by_place);
    for (Individual& member : before) member.age = 5;
    for (const int elite : {0, 1, 3}) {
        options.selection.elite = elite;
        const Population after = next(options, before);
        EXPECT_EQ(std::ranges::count(after, 0, &Individual::birth), elite);
        EXPECT_EQ(after.size(), 8u);
    }
}

TEST_F(EvolutionTest, CrossoverRateActs) {
    EvolutionOptions options{.population = 64, .selection = {.elite = 0}, .variation = {.offspring = 64}};
    const Population before = evaluated(options, by_place);
    const auto pairs = [&](double rate) {
        options.variation.crossover_rate = rate;
        const Population after = next(options, before);
        for (const Individual& child : after) EXPECT_NE(child.parents[0], child.parents[1]);
        return std::ranges::count_if(after, [](const Individual& child) { return child.parents[1] >= 0; });
    };
    EXPECT_EQ(pairs(0), 0);
    EXPECT_EQ(pairs(1), 64);
    EXPECT_NEAR(static_cast<double>(pairs(0.5)), 32, 12);
}

TEST_F(EvolutionTest, MutationRateActs) {
    EvolutionOptions options{
        .population = 64, .selection = {.elite = 0}, .variation = {.offspring = 64, .crossover_rate = 0}};
    const Population before = evaluated(options, by_place);
    const auto mean_distance = [&](double rate) {
        options.variation.mutation_rate = rate;
        double sum = 0;
        for (const Individual& child : next(options, before)) {
            sum += distance(child.genotype, before[static_cast<std::size_t>(child.parents[0])].genotype);
        }
        return sum / 64;
    };
    EXPECT_NEAR(mean_distance(0), 1, 0.2) << "a child of one parent is always mutated";
    EXPECT_NEAR(mean_distance(0.5), 8, 1);
    EXPECT_EQ(mean_distance(1), 16);
}

TEST_F(EvolutionTest, ChildrenOfTwoAreRecombinedWithoutMutationAtRateZero) {
    const EvolutionOptions options{
        .population = 16,
        .selection = {.elite = 0},
        .variation = {.offspring = 16, .crossover_rate = 1, .mutation_rate = 0, .founder_mutations = -1}};
    const Population before = evaluated(options, by_place);
    for (const Individual& child : next(options, before)) {
        const auto& a = before[static_cast<std::size_t>(child.parents[0])].genotype.genes;
        const auto& b = before[static_cast<std::size_t>(child.parents[1])].genotype.genes;
        for (std::size_t g = 0; g < a.size(); ++g) {
            EXPECT_TRUE(child.genotype.genes[g] == a[g] || child.genotype.genes[g] == b[g]);
        }
    }
}

TEST_F(EvolutionTest, TournamentOptionFavoursTheFit) {
    EvolutionOptions options{.population = 64, .selection = {.elite = 0}, .variation = {.offspring = 64}};
    const Population before = evaluated(options, by_place);
    const auto mean_parent = [&](int contestants) {
        options.selection.tournament = contestants;
        double sum = 0;
        for (const Individual& child : next(options, before)) sum += static_cast<double>(child.parents[0]);
        return sum / 64;
    };
    EXPECT_NEAR(mean_parent(1), 31.5, 8);
    EXPECT_LT(mean_parent(8), 13);
    EXPECT_EQ(mean_parent(64), 0);
}

TEST_F(EvolutionTest, NextPopulationIsAFunctionOfSeedIslandAndGeneration) {
    const EvolutionOptions options{};
    const Population before = evaluated(options, by_place);
    const Population reversed(before.rbegin(), before.rend());
    const auto children = [&](const Population& population, std::uint64_t a_seed, int island, int generation) {
        return genotypes(next(setting(options, a_seed), population, island, generation));
    };
    const auto expected = children(before, seed, 1, 4);
    EXPECT_EQ(children(before, seed, 1, 4), expected);
    EXPECT_EQ(children(reversed, seed, 1, 4), expected) << "the order of members does not matter";
    EXPECT_NE(children(before, seed + 1, 1, 4), expected);
    EXPECT_NE(children(before, seed, 2, 4), expected);
    EXPECT_NE(children(before, seed, 1, 5), expected);
}

TEST_F(EvolutionTest, UnevaluatedMembersGoFirst) {
    const EvolutionOptions options{.selection = {.elite = 1}, .variation = {.offspring = 4}};
    const Population before = evaluated(options, [](std::size_t i) { return i < 4 ? std::nan("") : by_place(i); });
    const Population after = next(options, before);
    EXPECT_EQ(ids(Population(after.begin(), after.begin() + 4)), (std::vector<std::int64_t>{4, 5, 6, 7}));
}

TEST(EvolutionOptions, AreChecked) {
    const auto first_problem = [](const EvolutionOptions& options) {
        const auto problems = problems_of(options);
        return problems.empty() ? "" : problems.front().problem;
    };
    EXPECT_EQ(first_problem({}), "");
    EXPECT_EQ(first_problem({.population = 1, .selection = {.elite = 0}, .variation = {.offspring = 1}}), "");
    EXPECT_EQ(first_problem({.population = 0, .selection = {.elite = 0}, .variation = {.offspring = 0}}),
              "population = 0");
    EXPECT_EQ(first_problem({.population = 4097}), "population = 4097");
    EXPECT_EQ(first_problem({.selection = {.elite = -1}}), "elite = -1");
    EXPECT_EQ(first_problem({.selection = {.elite = 5}, .variation = {.offspring = 4}}), "offspring = 4");
    EXPECT_EQ(first_problem({.variation = {.offspring = -1}}), "offspring = -1");
    EXPECT_EQ(first_problem({.selection = {.tournament = 0}}), "tournament = 0");
    EXPECT_EQ(first_problem({.selection = {.max_age = -1}}), "max_age = -1");
    EXPECT_EQ(first_problem({.variation = {.founder_mutations = -2}}), "founder_mutations = -2");
    EXPECT_NE(first_problem({.variation = {.crossover_rate = 1.5}}).find("crossover_rate"), std::string::npos);
    EXPECT_NE(first_problem({.variation = {.mutation_rate = std::nan("")}}).find("mutation_rate"), std::string::npos);
    EXPECT_EQ(problems_of({.selection = {.elite = -1, .tournament = 0, .max_age = -1}}).size(), 3u);
}

}  // namespace
}  // namespace atnas::evo
