// SPDX-License-Identifier: Apache-2.0
#include "backend/cuda/architectures.hpp"

#include <gtest/gtest.h>

namespace atnas::backend::cuda {
namespace {

TEST(Architectures, BinariesRunOnTheirOwnMajorVersionFromTheirMinorVersionOn) {
    EXPECT_TRUE(runs_on("80-real", {8, 0}));
    EXPECT_TRUE(runs_on("80-real", {8, 9}));
    EXPECT_FALSE(runs_on("86-real", {8, 0}));
    EXPECT_FALSE(runs_on("80-real", {9, 0}));
    EXPECT_FALSE(runs_on("80-real", {7, 5}));
}

TEST(Architectures, PtxRunsOnAllThatIsNotOlder) {
    for (const char* built : {"90-virtual", "90"}) {
        EXPECT_TRUE(runs_on(built, {9, 0}));
        EXPECT_TRUE(runs_on(built, {12, 1}));
        EXPECT_FALSE(runs_on(built, {8, 9}));
    }
    EXPECT_FALSE(runs_on("120-virtual", {10, 3}));
}

TEST(Architectures, OneOfTheListIsEnough) {
    const std::string built = "80-real 90-real 90-virtual";
    EXPECT_TRUE(runs_on(built, {8, 6}));
    EXPECT_TRUE(runs_on(built, {10, 0}));
    EXPECT_FALSE(runs_on(built, {7, 0}));
    EXPECT_FALSE(runs_on("", {9, 0}));
}

TEST(Architectures, NamesOfCMakeAreLeftToTheFirstKernel) {
    EXPECT_TRUE(runs_on("native", {7, 0}));
}

TEST(Architectures, LettersNarrowThemDown) {
    for (const char* built : {"90a", "90a-real", "90a-virtual"}) {
        EXPECT_TRUE(runs_on(built, {9, 0}));
        EXPECT_FALSE(runs_on(built, {10, 0}));
    }
    EXPECT_FALSE(runs_on("100a", {10, 3}));
    EXPECT_TRUE(runs_on("100f", {10, 3}));
    EXPECT_FALSE(runs_on("100f", {12, 0}));
}

}  // namespace
}  // namespace atnas::backend::cuda
