// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/encode_search.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/evo/individual.hpp"

namespace atnas::engine {
namespace {

const comm::Communicator alone;

class EncodeSearchTest : public testing::Test {
  protected:
    /// The more genes are 1, the better.
    static double ones(const space::Genotype& encode) {
        return static_cast<double>(std::ranges::count(encode.genes, 1)) / static_cast<double>(encode.genes.size());
    }
    static EncodeSearchOptions options(evo::Kind kind = evo::Kind::islands) {
        return {.evolution = {.kind = kind,
                              .population = 4,
                              .selection = {.elite = 1},
                              .variation = {.offspring = 3, .mutation_rate = 0.1}},
                .islands = 2,
                .migration = {.migration = {.interval = 2}, .seed = 3},
                .seed = 3};
    }
    EncodeSearch search(const EncodeSearchOptions& options, std::span<const space::Genotype> elite = {}) {
        return {{*space_, costs_, alone}, options, elite};
    }
    /// So many generations; every encode asked for is new.
    void run(EncodeSearch& search, int generations) {
        for (int generation = 0; generation < generations; ++generation) {
            std::vector<double> fitness;
            for (const space::Genotype& encode : search.asked()) {
                EXPECT_EQ(space_->canonical(encode), encode);
                EXPECT_TRUE(seen_.insert(encode).second) << "asked for twice";
                fitness.push_back(ones(encode));
            }
            search.tell(fitness);
        }
    }
    space::Genotype drawn(std::uint32_t item) {
        RandomStream random({.seed = 11, .item = item});
        return space_->canonical(space_->sample(random));
    }

    space::NetworkOptions network_{.channels = 4, .image = {1, 12, 12}, .cell = {.cells = 2, .reductions = {1}}};
    std::unique_ptr<space::SearchSpace> space_ = space::make_search_space(network_);
    space::CostModel costs_{network_};
    std::set<space::Genotype> seen_;
};

TEST_F(EncodeSearchTest, FindsBetterEncodesAndAsksForNoneTwice) {
    EncodeSearch evolving = search(options());
    run(evolving, 1);
    const double first = evolving.best(1).front().fitness;
    run(evolving, 30);
    EXPECT_EQ(evolving.generations(), 31);
    EXPECT_EQ(evolving.evaluations(), seen_.size());
    EXPECT_GT(evolving.best(1).front().fitness, first + 0.1);
    const std::vector<JudgedEncode> best = evolving.best(5);
    ASSERT_EQ(best.size(), 5u);
    EXPECT_TRUE(std::ranges::is_sorted(best, std::greater(), &JudgedEncode::fitness));
    for (const JudgedEncode& encode : best) EXPECT_EQ(encode.fitness, ones(encode.genotype));
}

TEST_F(EncodeSearchTest, BeginsWithTheElite) {
    const std::vector<space::Genotype> elite{drawn(0), drawn(1), drawn(2)};
    const EncodeSearch begun = search(options(), elite);
    for (const space::Genotype& encode : elite)
        EXPECT_EQ(std::ranges::count(begun.asked(), encode), 1) << space_->to_text(encode);
    EXPECT_EQ(begun.asked().size(), 8u);
    const EncodeSearch random = search(options(evo::Kind::random), elite);
    for (const space::Genotype& encode : elite) EXPECT_EQ(std::ranges::count(random.asked(), encode), 0);
    const EncodeSearch fixed = search(options(evo::Kind::fixed), elite);
    EXPECT_EQ(fixed.asked().size(), 2u) << "one for each island";
    EXPECT_EQ(fixed.asked().front(), elite.front());
}

TEST_F(EncodeSearchTest, GoesOnAsItWouldHaveWhenToldTheSameAgain) {
    EncodeSearch whole = search(options());
    run(whole, 6);
    seen_.clear();
    EncodeSearch again = search(options());
    run(again, 6);
    EXPECT_TRUE(std::ranges::equal(whole.asked(), again.asked()));
    EncodeSearchOptions other = options();
    other.seed = 4;
    const EncodeSearch differs = search(other);
    seen_.clear();
    EncodeSearch first = search(options());
    EXPECT_FALSE(std::ranges::equal(differs.asked(), first.asked()));
}

TEST_F(EncodeSearchTest, WhatIsNoNumberIsTheWorst) {
    EncodeSearch evolving = search(options());
    std::vector<double> fitness(evolving.asked().size(), 0.25);
    fitness[2] = std::numeric_limits<double>::quiet_NaN();
    const space::Genotype broken = evolving.asked()[2];
    evolving.tell(fitness);
    EXPECT_EQ(evolving.best(100).back().genotype, broken);
    EXPECT_EQ(evolving.best(100).back().fitness, evo::worst_fitness);
}

}  // namespace
}  // namespace atnas::engine
