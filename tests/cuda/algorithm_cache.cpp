#include "backend/cuda/algorithm_cache.hpp"

#include <gtest/gtest.h>

namespace atnas::backend::cuda {
namespace {

/// A search that must not run.
Algorithm no_search() {
    ADD_FAILURE() << "searched for what is known";
    return {};
}

TEST(AlgorithmCache, SearchesOncePerShape) {
    AlgorithmCache cache;
    int searches = 0;
    const auto search = [&] { return Algorithm{++searches, 3, 4096}; };
    EXPECT_EQ((Algorithm{1, 3, 4096}), cache.choose("one shape", search));
    EXPECT_EQ((Algorithm{1, 3, 4096}), cache.choose("one shape", search));
    EXPECT_EQ((Algorithm{2, 3, 4096}), cache.choose("another", search));
    EXPECT_EQ(2, searches);
}

TEST(AlgorithmCache, SearchesAgainForWhatWasForgotten) {
    AlgorithmCache cache;
    cache.choose("one shape", [] { return Algorithm{1, 0, 0}; });
    cache.forget("one shape");
    cache.forget("never known");
    EXPECT_EQ((Algorithm{2, 0, 0}), cache.choose("one shape", [] { return Algorithm{2, 0, 0}; }));
}

TEST(AlgorithmCache, TextBringsTheChoicesBack) {
    AlgorithmCache cache;
    cache.choose("forward x 2x3x28x28", [] { return Algorithm{1, 3, std::size_t{1} << 33}; });
    cache.choose("backward data, groups 8", [] { return Algorithm{0, 0, 0}; });
    AlgorithmCache again;
    again.add(cache.text());
    EXPECT_EQ(cache.text(), again.text());
    EXPECT_EQ((Algorithm{1, 3, std::size_t{1} << 33}), again.choose("forward x 2x3x28x28", no_search));
    EXPECT_EQ((Algorithm{0, 0, 0}), again.choose("backward data, groups 8", no_search));
}

TEST(AlgorithmCache, WhatIsKnownAlreadyStays) {
    AlgorithmCache cache;
    cache.choose("shape", [] { return Algorithm{1, 2, 3}; });
    cache.add("shape\t7 8 9\n");
    EXPECT_EQ((Algorithm{1, 2, 3}), cache.choose("shape", no_search));
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
