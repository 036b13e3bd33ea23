// SPDX-License-Identifier: Apache-2.0
// Children that are chosen by their predicted fitness.

#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/evo/evolution.hpp"

namespace atnas::evo {
namespace {

/// Likes one operation, and remembers nothing.
class Taste final : public Surrogate {
  public:
    explicit Taste(double weight) : weight_(weight) {}
    double predict(const space::Genotype& genotype) const override {
        double sum = 0;
        for (std::size_t g = 0; g < genotype.genes.size(); ++g)
            if (g % 4 >= 2 && genotype.genes[g] == 3) sum += weight_;
        return sum;
    }

  private:
    double weight_;
};

/// Remembers whom it was asked about.
class Register final : public Surrogate {
  public:
    double predict(const space::Genotype& genotype) const override {
        asked.insert(genotype);
        return 0;
    }
    mutable std::set<space::Genotype> asked;
};

class EvolutionSurrogate : public testing::Test {
  protected:
    Evolution evolution(int children) const {
        return Evolution(
            {.space = *space_,
             .costs = costs_,
             .selection = *selection_,
             .options = {.population = 20, .variation = {.offspring = 16}, .surrogate = {.children = children}},
             .seed = 2021,
             .islands = 3});
    }
    Population parents() const {
        Population population = evolution(8).found(1);
        for (std::size_t i = 0; i < population.size(); ++i) population[i].fitness = 0.01 * static_cast<double>(i);
        return population;
    }
    static double liked(const Population& population) {
        double sum = 0;
        for (const Individual& member : population)
            if (member.birth == 4) sum += Taste(1).predict(member.genotype);
        return sum;
    }
    static std::vector<space::Genotype> genotypes(const Population& population) {
        std::vector<space::Genotype> genotypes;
        for (const Individual& member : population) genotypes.push_back(member.genotype);
        return genotypes;
    }

  private:
    std::unique_ptr<space::SearchSpace> space_ = space::make_search_space({});
    space::CostModel costs_{{}};
    std::unique_ptr<Selection> selection_ = make_selection({});
};

TEST_F(EvolutionSurrogate, TheBestOfSeveralIsBorn) {
    const Taste taste(1);
    const double plain = liked(evolution(8).next(parents(), 1, 3));
    const double two = liked(evolution(2).next(parents(), 1, 3, &taste));
    const double many = liked(evolution(30).next(parents(), 1, 3, &taste));
    EXPECT_GT(two, plain);
    EXPECT_GT(many, two);
    const Taste dislike(-1);
    EXPECT_LT(liked(evolution(30).next(parents(), 1, 3, &dislike)), plain);
}

TEST_F(EvolutionSurrogate, WithoutAPreferenceNothingChanges) {
    const Taste indifferent(0);
    const auto plain = genotypes(evolution(8).next(parents(), 1, 3));
    EXPECT_EQ(genotypes(evolution(8).next(parents(), 1, 3, &indifferent)), plain);
    const Taste taste(1);
    EXPECT_EQ(genotypes(evolution(1).next(parents(), 1, 3, &taste)), plain) << "no choice";
    EXPECT_NE(genotypes(evolution(8).next(parents(), 1, 3, &taste)), plain);
}

TEST_F(EvolutionSurrogate, NoTwoChildrenAreChosenFromTheSame) {
    const Register all;
    static_cast<void>(evolution(8).next(parents(), 1, 3, &all));
    EXPECT_GT(all.asked.size(), 100u) << "16 times 8, some of which may be equal by chance";
}

TEST_F(EvolutionSurrogate, ChildrenHaveIdsAndParentsAsWithout) {
    const Taste taste(1);
    const Population next = evolution(8).next(parents(), 1, 3, &taste);
    ASSERT_EQ(next.size(), 20u);
    for (std::size_t i = 4; i < next.size(); ++i) {
        EXPECT_EQ(next[i].id, (4 * 3 + 1) * largest_population + static_cast<std::int64_t>(i) - 4);
        EXPECT_GE(next[i].parents[0], 0);
        for (std::size_t k = 0; k < i; ++k) EXPECT_NE(next[i].genotype, next[k].genotype);
    }
}

TEST(EvolutionOptions, ChildrenToChooseFromAreCounted) {
    for (const int children : {0, -1, most_surrogate_children + 1}) {
        const auto problems = problems_of(EvolutionOptions{.surrogate = {.children = children}});
        ASSERT_EQ(problems.size(), 1u);
        EXPECT_EQ(problems[0].problem, "surrogate_children = " + std::to_string(children));
    }
    EXPECT_TRUE(problems_of(EvolutionOptions{.surrogate = {.children = 1}}).empty());
}

}  // namespace
}  // namespace atnas::evo
