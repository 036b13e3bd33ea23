// SPDX-License-Identifier: Apache-2.0
// The first population of an island.

#include <algorithm>
#include <cmath>
#include <set>

#include "evolution_test.hpp"

namespace atnas::evo {
namespace {

using namespace test;

TEST_F(EvolutionTest, FoundersAreMutantsOfOneEncodeThatAllIslandsShare) {
    const EvolutionOptions options{.population = 16, .variation = {.mutation_rate = 0, .founder_mutations = 2}};
    const Population a = found(options, 0);
    const Population b = found(options, 1);
    ASSERT_EQ(a.size(), 16u);
    EXPECT_EQ(a[0].genotype, b[0].genotype);
    EXPECT_EQ(genotypes(a).size(), 16u);
    EXPECT_EQ(genotypes(b).size(), 16u);
    EXPECT_NE(genotypes(a), genotypes(b));
    int farthest = 0;
    for (const Individual& member : a) farthest = std::max(farthest, distance(a[0].genotype, member.genotype));
    EXPECT_EQ(farthest, 2) << "one locus per pass at rate 0";
}

TEST_F(EvolutionTest, FounderMutationsAct) {
    const auto mean_distance = [&](int mutations) {
        const Population population =
            found({.population = 32, .variation = {.mutation_rate = 0, .founder_mutations = mutations}});
        double sum = 0;
        for (const Individual& member : population) sum += distance(population[0].genotype, member.genotype);
        return sum / 31;
    };
    EXPECT_LE(mean_distance(1), 2.0);
    EXPECT_GT(mean_distance(4), mean_distance(1) + 1);
    EXPECT_GT(mean_distance(-1), 11) << "unrelated: 16 loci, most of 7 values";
    EXPECT_EQ(genotypes(found({.variation = {.founder_mutations = 0}})).size(), 8u) << "duplicates are mutated apart";
}

TEST_F(EvolutionTest, AGivenFounderIsAMember) {
    const space::Genotype founder = space->from_text("og_v2");
    for (const int mutations : {-1, 0, 2}) {
        for (const int island : {0, 2}) {
            const Population population = found({.variation = {.founder_mutations = mutations}}, island, 3, founder);
            EXPECT_EQ(population[0].genotype, founder);
            EXPECT_EQ(population[0].macs, costs.subnet(founder).macs);
            EXPECT_EQ(genotypes(population).size(), 8u);
        }
    }
}

TEST_F(EvolutionTest, FoundersHaveIdsCostsAndNoHistory) {
    std::set<std::int64_t> seen;
    for (int island = 0; island < 3; ++island) {
        const Population population = found({}, island);
        for (std::size_t i = 0; i < population.size(); ++i) {
            const Individual& member = population[i];
            EXPECT_EQ(member.id, island * 4096 + static_cast<std::int64_t>(i));
            EXPECT_EQ(member.birth, 0);
            EXPECT_EQ(member.age, 0);
            EXPECT_EQ(member.parents[0], -1);
            EXPECT_TRUE(std::isnan(member.fitness));
            EXPECT_EQ(member.parameters, costs.subnet(member.genotype).parameters);
            seen.insert(member.id);
        }
    }
    EXPECT_EQ(seen.size(), 24u);
}

TEST_F(EvolutionTest, FoundingIsAFunctionOfSeedAndIsland) {
    EXPECT_EQ(genotypes(found({})), genotypes(found({})));
    const Population other = Evolution(setting({}, seed + 1)).found(0);
    EXPECT_NE(other[0].genotype, found({})[0].genotype);
    EXPECT_EQ(found({.population = 8})[7].genotype, found({.population = 9})[7].genotype);
    const EvolutionOptions unrelated{.variation = {.founder_mutations = -1}};
    EXPECT_NE(found(unrelated, 0)[0].genotype, found(unrelated, 1)[0].genotype);
}

}  // namespace
}  // namespace atnas::evo
