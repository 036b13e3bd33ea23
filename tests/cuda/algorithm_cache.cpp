// SPDX-License-Identifier: Apache-2.0
#include "backend/cuda/algorithm_cache.hpp"

#include <gtest/gtest.h>

namespace atnas::backend::cuda {
namespace {

/// A search that must not run.
Algorithm no_search() {
    ADD_FAILURE() << "searched for what is known";
    return {};
}

/// A choice that must not be asked about.
std::optional<Algorithm> no_doubt(const Algorithm&) {
    ADD_FAILURE() << "verified what was made here, or twice";
    return {};
}

std::optional<Algorithm> trust(const Algorithm& choice) {
    return choice;
}

TEST(AlgorithmCache, SearchesOncePerShape) {
    AlgorithmCache cache;
    int searches = 0;
    const auto search = [&] { return Algorithm{++searches, 3, 4096}; };
    EXPECT_EQ((Algorithm{1, 3, 4096}), cache.choose("one shape", search, no_doubt));
    EXPECT_EQ((Algorithm{1, 3, 4096}), cache.choose("one shape", search, no_doubt));
    EXPECT_EQ((Algorithm{2, 3, 4096}), cache.choose("another", search, no_doubt));
    EXPECT_EQ(2, searches);
}

TEST(AlgorithmCache, WhatWasReadIsVerifiedOnce) {
    AlgorithmCache cache;
    cache.add("shape\t7 3 9\n");
    const auto needs_more = [](const Algorithm& choice) {
        EXPECT_EQ((Algorithm{7, 3, 9}), choice);
        return std::optional(Algorithm{7, 3, 100});
    };
    EXPECT_EQ((Algorithm{7, 3, 100}), cache.choose("shape", no_search, needs_more));
    EXPECT_EQ((Algorithm{7, 3, 100}), cache.choose("shape", no_search, no_doubt));
    EXPECT_EQ("shape\t7 3 100\n", cache.text());
}

TEST(AlgorithmCache, WhatIsRefusedIsSearchedAgain) {
    AlgorithmCache cache;
    cache.add("shape\t7 3 9\n");
    const auto refuse = [](const Algorithm&) { return std::optional<Algorithm>(); };
    EXPECT_EQ((Algorithm{2, 0, 0}), cache.choose(
                                        "shape",
                                        [] {
                                            return Algorithm{2, 0, 0};
                                        },
                                        refuse));
    EXPECT_EQ((Algorithm{2, 0, 0}), cache.choose("shape", no_search, no_doubt));
}

TEST(AlgorithmCache, TextBringsTheChoicesBack) {
    AlgorithmCache cache;
    cache.choose(
        "forward x 2x3x28x28",
        [] {
            return Algorithm{1, 3, std::size_t{1} << 33};
        },
        no_doubt);
    cache.choose(
        "backward data, groups 8",
        [] {
            return Algorithm{0, 0, 0};
        },
        no_doubt);
    AlgorithmCache again;
    again.add(cache.text());
    EXPECT_EQ(cache.text(), again.text());
    EXPECT_EQ((Algorithm{1, 3, std::size_t{1} << 33}), again.choose("forward x 2x3x28x28", no_search, trust));
    EXPECT_EQ((Algorithm{0, 0, 0}), again.choose("backward data, groups 8", no_search, trust));
}

TEST(AlgorithmCache, NoAlgorithmIsRememberedAndWrittenButNotRead) {
    AlgorithmCache cache;
    const auto nothing = [] { return std::optional<Algorithm>(); };
    EXPECT_EQ(std::nullopt, cache.choose("shape", nothing, no_doubt));
    EXPECT_EQ(std::nullopt, cache.choose("shape", no_search, no_doubt));
    EXPECT_EQ("shape\tdirect\n", cache.text());
    AlgorithmCache again;
    again.add(cache.text());
    EXPECT_EQ("", again.text());
}

TEST(AlgorithmCache, WhatIsKnownAlreadyStays) {
    AlgorithmCache cache;
    cache.choose(
        "shape",
        [] {
            return Algorithm{1, 2, 3};
        },
        no_doubt);
    cache.add("shape\t7 8 9\n");
    EXPECT_EQ((Algorithm{1, 2, 3}), cache.choose("shape", no_search, no_doubt));
}

TEST(AlgorithmCache, LinesThatAreNoneAreLeftOut) {
    AlgorithmCache cache;
    cache.add(
        "\n"
        "no tab 1 2 3\n"
        "no numbers\t\n"
        "too few\t1 2\n"
        "words\tone two three\n"
        "good\t1 2 3\n"
        "cut off in the middl");
    EXPECT_EQ("good\t1 2 3\n", cache.text());
}

}  // namespace
}  // namespace atnas::backend::cuda
