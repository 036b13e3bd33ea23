// SPDX-License-Identifier: Apache-2.0
// The baselines that evolution is compared with.

#include <algorithm>
#include <memory>

#include <gtest/gtest.h>

#include "atnas/evo/evolution.hpp"

namespace atnas::evo {
namespace {

class EvolutionKinds : public testing::Test {
  protected:
    Evolution evolution(const EvolutionOptions& options) {
        selection_ = make_selection(options.selection);
        return Evolution({*space_, costs_, *selection_, options, 2021, 3});
    }
    Population found(const EvolutionOptions& options, int island = 0) { return evolution(options).found(island); }
    Population next(const EvolutionOptions& options, const Population& population, int generation = 0) {
        return evolution(options).next(population, 0, generation);
    }
    /// A founded population, whose member \p best is the best and whose first members are better than later ones.
    Population evaluated(const EvolutionOptions& options, std::size_t best = 0) {
        Population population = found(options);
        for (std::size_t i = 0; i < population.size(); ++i)
            population[i].fitness = i == best ? 1.0 : 0.5 - 0.01 * static_cast<double>(i);
        return population;
    }
    int distance(const space::Genotype& a, const space::Genotype& b) const {
        return static_cast<int>(std::ranges::count_if(space_->loci(), [&](const space::Locus& locus) {
            const auto first = a.genes.begin() + locus.first;
            return !std::equal(first, first + locus.count, b.genes.begin() + locus.first);
        }));
    }

  private:
    space::NetworkOptions network_{};
    std::unique_ptr<space::SearchSpace> space_ = space::make_search_space(network_);
    space::CostModel costs_{network_};
    std::unique_ptr<Selection> selection_;
};

TEST_F(EvolutionKinds, RandomSearchDrawsFromTheWholeSpaceAndKeepsTheBest) {
    const EvolutionOptions options{.kind = Kind::random, .selection = {.elite = 1}, .variation = {.offspring = 6}};
    const Population before = evaluated(options);
    const Population after = next(options, before);
    ASSERT_EQ(after.size(), 8u);
    EXPECT_EQ(after[0].id, before[0].id);
    EXPECT_EQ(after[1].id, before[1].id);
    double sum = 0;
    for (std::size_t i = 1; i < 8; ++i) sum += distance(before[0].genotype, before[i].genotype);
    for (std::size_t i = 2; i < 8; ++i) {
        EXPECT_EQ(after[i].parents, (Parents{-1, -1}));
        EXPECT_EQ(after[i].birth, 1);
        sum += distance(before[0].genotype, after[i].genotype);
    }
    EXPECT_GT(sum / 13, 11) << "unrelated, first members as well: 16 loci, most of 7 values";
}

TEST_F(EvolutionKinds, LocalSearchMutatesTheBest) {
    const EvolutionOptions options{
        .kind = Kind::local, .selection = {.elite = 1}, .variation = {.offspring = 7, .mutation_rate = 0}};
    const Population before = evaluated(options, 4);
    const Population after = next(options, before);
    ASSERT_EQ(after.size(), 8u);
    EXPECT_EQ(after[0].id, before[4].id);
    for (std::size_t i = 1; i < 8; ++i) {
        EXPECT_EQ(after[i].parents, (Parents{before[4].id, -1}));
        // At rate 0 a mutation changes one locus; a duplicate is mutated again.
        EXPECT_LE(distance(before[4].genotype, after[i].genotype), 3);
    }
}

TEST_F(EvolutionKinds, AFixedSearchHasItsFounderAlone) {
    const EvolutionOptions options{.kind = Kind::fixed, .selection = {.elite = 0, .max_age = 1}};
    Population population = found(options, 0);
    ASSERT_EQ(population.size(), 1u);
    EXPECT_EQ(population[0].genotype, found({}, 0)[0].genotype) << "the founder of a search from the same seed";
    EXPECT_EQ(found(options, 2)[0].genotype, population[0].genotype);
    const std::int64_t founder = population[0].id;
    for (int generation = 0; generation < 3; ++generation) population = next(options, population, generation);
    ASSERT_EQ(population.size(), 1u);
    EXPECT_EQ(population[0].id, founder);
    EXPECT_EQ(population[0].age, 3);
}

}  // namespace
}  // namespace atnas::evo
