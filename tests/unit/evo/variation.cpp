// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/variation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "atnas/space/bounded_space.hpp"

namespace atnas::evo {
namespace {

constexpr std::uint64_t seed = 2021;

class VariationTest : public testing::Test {
  protected:
    bool same(const space::Genotype& a, const space::Genotype& b, const space::Locus& locus) const {
        return std::equal(a.genes.begin() + locus.first, a.genes.begin() + locus.first + locus.count,
                          b.genes.begin() + locus.first);
    }

    std::unique_ptr<space::SearchSpace> space = space::make_search_space({});
    RandomStream random{{.seed = seed}};
};

TEST_F(VariationTest, ChildrenCostNoMoreThanTheSpaceAllows) {
    const space::ImageShape image;
    const space::Genotype a = space->sample(random);
    const space::Genotype b = space->sample(random);
    const auto macs = [&](const space::Genotype& genotype) { return cost_of_features(*space, image, genotype).macs; };
    const auto bounded = space::make_search_space({.max_macs = static_cast<double>(std::max(macs(a), macs(b)))});
    int costly = 0;
    for (int i = 0; i < 100; ++i) {
        costly += !bounded->is_legal(crossover(*space, a, b, random));
        EXPECT_TRUE(bounded->is_legal(crossover(*bounded, a, b, random)));
    }
    EXPECT_GT(costly, 0);
}

TEST_F(VariationTest, CrossoverMixesWholeLociEvenly) {
    double from_a = 0;
    double differing = 0;
    for (int i = 0; i < 400; ++i) {
        const space::Genotype a = space->sample(random);
        const space::Genotype b = space->sample(random);
        const space::Genotype child = crossover(*space, a, b, random);
        ASSERT_TRUE(space->is_legal(child));
        for (const space::Locus& locus : space->loci()) {
            ASSERT_TRUE(same(child, a, locus) || same(child, b, locus));
            if (same(child, a, locus) && same(child, b, locus)) continue;
            ++differing;
            from_a += same(child, a, locus);
        }
    }
    EXPECT_NEAR(from_a / differing, 0.5, 0.03);
}

TEST_F(VariationTest, RecombinedAreMutatedPerLocus) {
    const space::Genotype parent = space->sample(random);
    EXPECT_EQ(recombined(*space, parent, parent, 0, random), parent);
    const space::Genotype child = recombined(*space, parent, parent, 1, random);
    const auto kept =
        std::ranges::count_if(space->loci(), [&](const auto& locus) { return same(child, parent, locus); });
    EXPECT_EQ(kept, 2) << "the first nodes of both cells have no choice of inputs";
}

TEST_F(VariationTest, AWalkEndsWhereNobodyIsOrAfterItsTries) {
    const space::Genotype start = space->sample(random);
    const Population members{{.genotype = start}};
    EXPECT_EQ(made_distinct(*space, start, {}, {0.5, 10}, random), start) << "nobody is there";
    EXPECT_NE(made_distinct(*space, start, members, {0.5, 10}, random), start);
    EXPECT_EQ(made_distinct(*space, start, members, {0.5, 0}, random), start) << "no tries";
}

TEST(Variation, WhatDiffersInGenesWithoutEffectIsNotDistinct) {
    // Without reduction cells, half of the genes.
    const auto space = space::make_search_space({.cell = {.cells = 2, .reductions = {}}});
    RandomStream random({.seed = seed});
    Population members;
    for (int i = 0; i < 40; ++i) {
        space::Genotype genotype = members.empty() ? space->sample(random) : members.back().genotype;
        members.push_back({.genotype = made_distinct(*space, std::move(genotype), members, {0.05, 100}, random)});
    }
    std::set<std::string> normal_cells;
    for (const Individual& member : members) {
        EXPECT_EQ(member.genotype, space->canonical(member.genotype));
        const std::string text = space->to_text(member.genotype);
        normal_cells.insert(text.substr(0, text.find(';')));
    }
    EXPECT_EQ(normal_cells.size(), members.size());
}

TEST(VariationOptions, AreChecked) {
    const auto first_problem = [](const VariationOptions& options) {
        const auto problems = problems_of(options);
        return problems.empty() ? "" : problems.front().problem;
    };
    EXPECT_EQ(first_problem({}), "");
    EXPECT_EQ(first_problem({.offspring = -1}), "offspring = -1");
    EXPECT_EQ(first_problem({.founder_mutations = -2}), "founder_mutations = -2");
    EXPECT_NE(first_problem({.crossover_rate = 1.5}).find("crossover_rate"), std::string::npos);
    EXPECT_NE(first_problem({.mutation_rate = std::nan("")}).find("mutation_rate"), std::string::npos);
}

}  // namespace
}  // namespace atnas::evo
