// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/bounded_space.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

namespace atnas::space {
namespace {

NetworkOptions options_with(double max_macs) {
    return {.channels = 8, .max_macs = max_macs, .cell = {.cells = 2, .reductions = {1}}};
}

double macs(const SearchSpace& space, const Genotype& genotype) {
    return static_cast<double>(cost_of_features(space, {}, genotype).macs);
}

class BoundedSpaceTest : public testing::Test {
  protected:
    std::unique_ptr<SearchSpace> whole = make_search_space(options_with(0));
    double least = macs(*whole, whole->smallest());
    double most = macs(*whole, whole->from_text("normal=conv_1x5_5x1:0+conv_1x5_5x1:1|conv_1x5_5x1:0+conv_1x5_5x1:1|"
                                                "conv_1x5_5x1:0+conv_1x5_5x1:1;reduce=conv_1x5_5x1:0+conv_1x5_5x1:1|"
                                                "conv_1x5_5x1:2+conv_1x5_5x1:1|conv_1x5_5x1:2+conv_1x5_5x1:3"));
    RandomStream random{{.seed = 2021}};
};

TEST_F(BoundedSpaceTest, CostlyEncodesAreIllegal) {
    const double bound = (least + most) / 3;
    const auto space = make_search_space(options_with(bound));
    int legal = 0;
    for (int i = 0; i < 200; ++i) {
        const Genotype genotype = whole->sample(random);
        EXPECT_EQ(space->is_legal(genotype), macs(*whole, genotype) <= bound);
        legal += space->is_legal(genotype);
    }
    EXPECT_GT(legal, 20);
    EXPECT_LT(legal, 180);
    EXPECT_FALSE(space->is_legal({}));
}

TEST_F(BoundedSpaceTest, FairEncodesAreThoseOfTheWholeSpaceWhereTheyAreCheapEnough) {
    const auto space = make_search_space(options_with((least + most) / 3));
    int kept = 0;
    std::vector<Genotype> others;
    for (std::uint64_t number = 0; number < 200; ++number) {
        const Genotype genotype = space->fair(number, 7);
        ASSERT_TRUE(space->is_legal(genotype));
        EXPECT_EQ(genotype, space->fair(number, 7));
        if (space->is_legal(whole->fair(number, 7))) {
            EXPECT_EQ(genotype, whole->fair(number, 7));
            ++kept;
        } else if (std::ranges::find(others, genotype) == others.end()) {
            others.push_back(genotype);
        }
    }
    EXPECT_GT(kept, 20);
    EXPECT_GT(others.size(), 20u) << "each is replaced by one of its own";
}

TEST_F(BoundedSpaceTest, ParametersAreBoundedBesideMacsOrAlone) {
    std::vector<Genotype> genotypes;
    std::vector<std::int64_t> macs, parameters;
    for (int i = 0; i < 201; ++i) {
        genotypes.push_back(whole->sample(random));
        const Cost cost = cost_of_features(*whole, {}, genotypes.back());
        macs.push_back(cost.macs);
        parameters.push_back(cost.parameters);
    }
    const auto median = [](std::vector<std::int64_t> values) {
        std::ranges::sort(values);
        return values[values.size() / 2];
    };
    NetworkOptions options = options_with(0);
    options.max_parameters = static_cast<double>(median(parameters));
    const auto by_parameters = make_search_space(options);
    options.max_macs = static_cast<double>(median(macs));
    const auto by_both = make_search_space(options);
    int small_and_dear = 0;
    for (std::size_t i = 0; i < genotypes.size(); ++i) {
        const bool is_small = parameters[i] <= median(parameters);
        const bool is_cheap = macs[i] <= median(macs);
        EXPECT_EQ(by_parameters->is_legal(genotypes[i]), is_small);
        EXPECT_EQ(by_both->is_legal(genotypes[i]), is_small && is_cheap);
        small_and_dear += is_small && !is_cheap ? 1 : 0;
    }
    EXPECT_GT(small_and_dear, 0) << "the two bounds differ";
    EXPECT_TRUE(by_both->is_legal(by_both->mutate(by_both->sample(random), 0.1, random)));
}

TEST_F(BoundedSpaceTest, AnEncodeAtTheBoundIsLegal) {
    const Genotype genotype = whole->sample(random);
    EXPECT_TRUE(make_search_space(options_with(macs(*whole, genotype)))->is_legal(genotype));
    EXPECT_FALSE(make_search_space(options_with(macs(*whole, genotype) - 1))->is_legal(genotype));
}

TEST_F(BoundedSpaceTest, DrawsAndMutantsAreCheapEnough) {
    const auto space = make_search_space(options_with((least + most) / 3));
    Genotype genotype = space->sample(random);
    for (int i = 0; i < 200; ++i) {
        ASSERT_TRUE(space->is_legal(genotype));
        const Genotype mutant = space->mutate(genotype, 0.1, random);
        ASSERT_TRUE(space->is_legal(mutant));
        EXPECT_NE(mutant, genotype);
        genotype = i % 2 == 0 ? mutant : space->sample(random);
    }
}

TEST_F(BoundedSpaceTest, DrawsDifferWhereHardlyAnyEncodeIsCheapEnough) {
    const auto space = make_search_space(options_with(least));
    const Genotype a = space->sample(random);
    const Genotype b = space->sample(random);
    EXPECT_TRUE(space->is_legal(a) && space->is_legal(b));
    EXPECT_NE(a, b);
    EXPECT_TRUE(space->is_legal(space->mutate(a, 1, random)));
}

TEST_F(BoundedSpaceTest, DrawsWhatTheWholeSpaceDrawsWhereTheBoundIsWide) {
    const auto space = make_search_space(options_with(1e12));
    RandomStream same{{.seed = 2021}};
    const Genotype genotype = whole->sample(random);
    EXPECT_EQ(space->sample(same), genotype);
    EXPECT_EQ(space->mutate(genotype, 0.1, same), whole->mutate(genotype, 0.1, random));
}

TEST_F(BoundedSpaceTest, TextOfACostlyEncodeIsRefusedWithBothCounts) {
    const std::string text = whole->to_text(whole->smallest());
    EXPECT_EQ(make_search_space(options_with(least))->from_text(text), whole->smallest());
    try {
        make_search_space(options_with(least))->from_text("og_v2");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_deck);
        EXPECT_NE(error.problems().front().reason.find("max_macs = "), std::string::npos);
    }
    NetworkOptions options = options_with(least);
    options.max_parameters = static_cast<double>(cost_of_features(*whole, {}, whole->smallest()).parameters);
    try {
        make_search_space(options)->from_text("og_v2");
        FAIL();
    } catch (const Error& error) {
        ASSERT_EQ(error.problems().size(), 2u);
        EXPECT_NE(error.problems()[1].reason.find("parameters before the head and max_parameters = "),
                  std::string::npos);
        EXPECT_NE(error.problems()[1].suggestion.find("raise space.max_parameters"), std::string::npos);
    }
}

}  // namespace
}  // namespace atnas::space
