// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/fair_choice.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace atnas::space {
namespace {

std::vector<std::uint32_t> round(const FairList& list, std::uint64_t number, std::uint32_t count) {
    std::vector<std::uint32_t> values;
    for (std::uint32_t i = 0; i < count; ++i) values.push_back(fair_choice(list, number * count + i, count));
    return values;
}

TEST(FairChoice, EveryRoundHasEveryValueOnce) {
    for (const std::uint32_t count : {1u, 2u, 7u, 10u}) {
        for (std::uint64_t number = 0; number < 20; ++number) {
            const auto values = round({.seed = 1, .locus = 3}, number, count);
            EXPECT_EQ(std::set(values.begin(), values.end()).size(), count);
            EXPECT_LT(*std::ranges::max_element(values), count);
        }
    }
}

TEST(FairChoice, RoundsLociAndSeedsDiffer) {
    std::set<std::vector<std::uint32_t>> rounds;
    for (std::uint64_t number = 0; number < 5; ++number)
        for (std::uint32_t locus = 0; locus < 5; ++locus)
            for (std::uint64_t seed = 0; seed < 5; ++seed) rounds.insert(round({seed, locus}, number, 10));
    EXPECT_EQ(rounds.size(), 125u) << "of 3628800 permutations";
    EXPECT_EQ(round({1, 2}, 3, 10), round({1, 2}, 3, 10));
}

TEST(FairChoice, AllOrdersComeUpAlike) {
    std::vector<int> first(3, 0);
    for (std::uint64_t number = 0; number < 3000; ++number) ++first[round({.seed = 5, .locus = 0}, number, 3)[0]];
    for (const int times : first) EXPECT_NEAR(times, 1000, 100) << "four standard deviations";
}

}  // namespace
}  // namespace atnas::space
