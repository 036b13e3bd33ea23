// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/random.hpp"

#include <array>
#include <cmath>
#include <set>
#include <vector>

#include <Random123/philox.h>
#include <gtest/gtest.h>

namespace atnas {
namespace {

RandomKey some_key() {
    return {.seed = 0x0123456789abcdef, .purpose = Purpose::variation, .island = 3, .iteration = 5, .item = 7};
}

TEST(Random, philox_known_answers) {
    // From the kat_vectors of the Random123 distribution.
    const philox4x32_ctr_t zero = philox4x32_R(10, {{0, 0, 0, 0}}, {{0, 0}});
    EXPECT_EQ(zero.v[0], 0x6627e8d5U);
    EXPECT_EQ(zero.v[1], 0xe169c58dU);
    EXPECT_EQ(zero.v[2], 0xbc57ac4cU);
    EXPECT_EQ(zero.v[3], 0x9b00dbd8U);
    const philox4x32_ctr_t pi =
        philox4x32_R(10, {{0x243f6a88U, 0x85a308d3U, 0x13198a2eU, 0x03707344U}}, {{0xa4093822U, 0x299f31d0U}});
    EXPECT_EQ(pi.v[0], 0xd16cfe09U);
    EXPECT_EQ(pi.v[1], 0x94fdccebU);
    EXPECT_EQ(pi.v[2], 0x5001e420U);
    EXPECT_EQ(pi.v[3], 0x24126ea1U);
}

TEST(Random, layout_of_the_address) {
    const philox4x32_key_t key{{0x89abcdefU, 0x01234567U}};
    RandomStream stream(some_key());
    for (std::uint32_t block = 0; block < 3; ++block) {
        const philox4x32_ctr_t expected = philox4x32_R(10, {{block, 7, 5, 3U | 7U << 24}}, key);
        for (const auto word : expected.v) EXPECT_EQ(stream.bits(), word) << "block " << block;
    }
}

// Results of past runs depend on these: a change here is a change of every search.
TEST(Random, streams_are_frozen) {
    RandomStream bits(some_key());
    const std::array<std::uint32_t, 5> expected_bits{0xde8af40aU, 0xcb8aee79U, 0x26aa7951U, 0xfdcf0227U, 0x66644147U};
    for (const auto expected : expected_bits) EXPECT_EQ(bits.bits(), expected);
    RandomStream indices(some_key());
    const std::array<std::uint32_t, 6> expected_indices{869, 795, 151, 991, 399, 558};
    for (const auto expected : expected_indices) EXPECT_EQ(indices.index(1000), expected);
    RandomStream normals(some_key());
    const std::array<float, 3> expected_normals{0.147941985F, 1.94152329F, -1.26250506F};
    for (const auto expected : expected_normals) EXPECT_FLOAT_EQ(normals.normal(), expected);
    RandomStream uniforms(some_key());
    const std::array<float, 3> expected_uniforms{0xde8af4p-24F, 0xcb8aeep-24F, 0x26aa79p-24F};
    for (const auto expected : expected_uniforms) EXPECT_EQ(uniforms.uniform(), expected);
}

TEST(Random, every_field_of_the_key_counts) {
    std::vector<RandomKey> keys(7, some_key());
    keys[1].seed ^= 1;
    keys[2].seed ^= std::uint64_t{1} << 63;
    keys[3].purpose = Purpose::selection;
    keys[4].island += 1;
    keys[5].iteration += 1;
    keys[6].item += 1;
    // 40 numbers of each: streams that overlapped after a few blocks would share some.
    std::set<std::uint32_t> seen;
    for (const auto& key : keys) {
        RandomStream stream(key);
        for (int i = 0; i < 40; ++i) seen.insert(stream.bits());
    }
    EXPECT_EQ(seen.size(), keys.size() * 40);
}

TEST(Random, equal_keys_give_equal_streams) {
    RandomStream a(some_key());
    RandomStream b(some_key());
    for (int i = 0; i < 10; ++i) EXPECT_EQ(a.bits(), b.bits());
}

TEST(Random, uniform_fills_the_interval) {
    RandomStream stream(some_key());
    constexpr int bins = 16;
    constexpr int draws = 64000;
    std::array<int, bins> histogram{};
    double sum = 0;
    for (int i = 0; i < draws; ++i) {
        const float x = stream.uniform();
        ASSERT_GE(x, 0.0F);
        ASSERT_LT(x, 1.0F);
        sum += x;
        ++histogram[static_cast<std::size_t>(x * bins)];
    }
    EXPECT_NEAR(sum / draws, 0.5, 0.005);
    double chi_squared = 0;
    for (const int count : histogram) chi_squared += std::pow(count - draws / bins, 2) / (draws / bins);
    EXPECT_LT(chi_squared, 37.7);  // 15 degrees of freedom, 0.1 %
    EXPECT_GT(chi_squared, 3.5);   // nor too even to be random
}

TEST(Random, index_is_unbiased) {
    RandomStream stream(some_key());
    EXPECT_EQ(stream.index(1), 0U);
    constexpr int draws = 30000;
    std::array<int, 6> histogram{};
    for (int i = 0; i < draws; ++i) {
        const auto x = stream.index(6);
        ASSERT_LT(x, 6U);
        ++histogram[x];
    }
    for (const int count : histogram) EXPECT_NEAR(count, draws / 6, 300);
    // With three quarters of the range and no rejection, results divisible by 3 would come twice as often.
    constexpr std::uint32_t large = 0xC0000000U;
    int divisible = 0;
    for (int i = 0; i < draws; ++i) {
        const auto x = stream.index(large);
        ASSERT_LT(x, large);
        divisible += x % 3 == 0 ? 1 : 0;
    }
    EXPECT_NEAR(divisible, draws / 3, 400);
}

TEST(Random, normal_has_its_moments) {
    RandomStream stream(some_key());
    constexpr int draws = 60000;
    double sum = 0;
    double squares = 0;
    double fourth = 0;
    for (int i = 0; i < draws; ++i) {
        const double x = stream.normal();
        ASSERT_TRUE(std::isfinite(x));
        sum += x;
        squares += x * x;
        fourth += x * x * x * x;
    }
    EXPECT_NEAR(sum / draws, 0.0, 0.015);
    EXPECT_NEAR(squares / draws, 1.0, 0.02);
    EXPECT_NEAR(fourth / draws, 3.0, 0.15);
}

TEST(Random, chance_keeps_its_promises) {
    RandomStream stream(some_key());
    int hits = 0;
    for (int i = 0; i < 10000; ++i) {
        EXPECT_FALSE(stream.chance(0.0));
        EXPECT_TRUE(stream.chance(1.0));
        hits += stream.chance(0.3) ? 1 : 0;
    }
    EXPECT_NEAR(hits, 3000, 150);
}

#ifndef NDEBUG
TEST(RandomDeathTest, fields_that_would_collide_are_refused) {
    auto key = some_key();
    key.island = 1U << 24;
    EXPECT_DEATH(RandomStream{key}, "precondition");
    EXPECT_DEATH(RandomStream(some_key()).index(0), "count > 0");
}
#endif

}  // namespace
}  // namespace atnas
