// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/ridge_regression.hpp"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/core/random.hpp"

namespace atnas::evo {
namespace {

Judged judged(std::vector<std::int8_t> genes, double fitness) {
    return {{std::move(genes)}, fitness};
}

TEST(RidgeRegression, IsThatOfTheHand) {
    // Mean 2; (1 + 1) w = -+1 for both values of the one gene.
    const RidgeRegression of_two(std::vector{judged({0}, 1), judged({1}, 3)});
    EXPECT_NEAR(of_two.predict({{0}}), 1.5, 1e-12);
    EXPECT_NEAR(of_two.predict({{1}}), 2.5, 1e-12);
    // Three times each: (3 + 1) w = -+3.
    std::vector<Judged> thrice;
    for (int i = 0; i < 3; ++i) {
        thrice.push_back(judged({0}, 1));
        thrice.push_back(judged({1}, 3));
    }
    EXPECT_NEAR(RidgeRegression(thrice).predict({{0}}), 2 - 0.75, 1e-12);
    // Two genes that always go together share: w1 = w2 = w, and 2 w + 1 w = +-1.
    const RidgeRegression together(std::vector{judged({0, 0}, 1), judged({1, 1}, 3)});
    EXPECT_NEAR(together.predict({{1, 1}}), 2 + 2.0 / 3, 1e-12);
    EXPECT_NEAR(together.predict({{0, 1}}), 2, 1e-12);
}

TEST(RidgeRegression, WhatNeverOccurredAddsNothing) {
    const RidgeRegression model(std::vector{judged({0, 2}, 1), judged({1, 2}, 3)});
    EXPECT_NEAR(model.predict({{0, 1}}), 1.5, 1e-12);
    EXPECT_NEAR(model.predict({{5, 2}}), 2, 1e-12) << "a value beyond all of the data";
    EXPECT_NEAR(RidgeRegression(std::vector{judged({3, 3}, 0.25)}).predict({{3, 3}}), 0.25, 1e-12);
}

TEST(RidgeRegression, FindsWhatGenesAdd) {
    RandomStream random({.seed = 3});
    const auto draw = [&] {
        space::Genotype genotype;
        for (int g = 0; g < 6; ++g) genotype.genes.push_back(static_cast<std::int8_t>(random.index(5)));
        return genotype;
    };
    const auto truth = [](const space::Genotype& genotype) {
        double sum = 0;
        for (std::size_t g = 0; g < genotype.genes.size(); ++g)
            sum += static_cast<double>((g + 1) * static_cast<std::size_t>(genotype.genes[g]) % 5);
        return sum;
    };
    std::vector<Judged> data;
    for (int i = 0; i < 600; ++i) {
        const space::Genotype genotype = draw();
        data.push_back({genotype, truth(genotype)});
    }
    const RidgeRegression model(data);
    for (int i = 0; i < 50; ++i) {
        const space::Genotype genotype = draw();
        EXPECT_NEAR(model.predict(genotype), truth(genotype), 0.2) << "the penalty's part";
    }
}

TEST(RidgeRegression, OfNoGenesIsTheMean) {
    EXPECT_NEAR(RidgeRegression(std::vector{judged({}, 1), judged({}, 2)}).predict({}), 1.5, 1e-12);
}

}  // namespace
}  // namespace atnas::evo
