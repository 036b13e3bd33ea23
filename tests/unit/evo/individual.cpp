#include "atnas/evo/individual.hpp"

#include <gtest/gtest.h>

#include <limits>

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

TEST(Individual, LargerFitnessIsBetterThenFewerMacsThenGenotypeThenId) {
    const auto expect_better = [](const Individual& a, const Individual& b) {
        EXPECT_TRUE(better(a, b));
        EXPECT_FALSE(better(b, a));
    };
    expect_better(member(0.9, 100), member(0.8, 1));
    expect_better(member(0.9, 1, {5}), member(0.9, 2, {1}));
    expect_better(member(0.9, 1, {1, 7}, 9), member(0.9, 1, {2, 0}, 3));
    expect_better(member(0.9, 1, {1}, 3), member(0.9, 1, {1}, 9));
    EXPECT_FALSE(better(member(0.9, 1, {1}, 3), member(0.9, 1, {1}, 3)));
}

TEST(Individual, UnevaluatedComesLast) {
    EXPECT_TRUE(better(member(-std::numeric_limits<double>::infinity(), 9), member(nan, 1)));
    EXPECT_FALSE(better(member(nan, 1), member(-1.0, 9)));
    EXPECT_TRUE(better(member(nan, 1), member(nan, 2)));
    EXPECT_FALSE(better(member(nan, 2), member(nan, 1)));
}

TEST(Individual, RankingIsTheSameForEveryInitialOrder) {
    Population population{member(0.1, 1, {1}, 0), member(nan, 1, {1}, 1), member(0.7, 1, {1}, 2),
                          member(0.7, 1, {0}, 3), member(nan, 0, {1}, 4), member(0.7, 0, {9}, 5)};
    Population backwards(population.rbegin(), population.rend());
    rank(population);
    rank(backwards);
    const std::vector<std::int64_t> expected{5, 3, 2, 0, 4, 1};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(population[i].id, expected[i]);
        EXPECT_EQ(backwards[i].id, expected[i]);
    }
}

}  // namespace
}  // namespace atnas::evo
