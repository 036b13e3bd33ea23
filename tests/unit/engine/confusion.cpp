// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/confusion.hpp"

#include <array>

#include <gtest/gtest.h>

namespace atnas::engine {
namespace {

TEST(Confusion, CountsByClassesWhateverTheirLabels) {
    const std::array numbers{4, 7, 9};
    Confusion confusion(numbers);
    EXPECT_EQ(confusion.classes(), 3);
    EXPECT_TRUE(confusion.mistakes(9).empty());
    // Labels 0 and 1 are classes 9 and 4, then 4 and 7.
    confusion.add({std::array{9, 4}, std::array{0, 0, 1, 1}, std::array{0, 1, 1, 0}});
    confusion.add({std::array{4, 7}, std::array{0, 1, 1}, std::array{1, 0, 0}});
    EXPECT_EQ(confusion.queries(0), 3);
    EXPECT_EQ(confusion.queries(1), 2);
    EXPECT_EQ(confusion.queries(2), 2);
    EXPECT_EQ(confusion.count(0, 0), 1);
    EXPECT_EQ(confusion.count(0, 1), 1);
    EXPECT_EQ(confusion.count(0, 2), 1);
    EXPECT_EQ(confusion.count(1, 0), 2);
    EXPECT_EQ(confusion.count(1, 1), 0);
    EXPECT_EQ(confusion.count(2, 0), 1);
    EXPECT_EQ(confusion.table()[5], confusion.count(1, 2));
}

TEST(Confusion, TheMostFrequentMistakesComeFirst) {
    Confusion confusion(std::array{0, 1, 2});
    confusion.add({std::array{0, 1, 2}, std::array{2, 2, 2, 1, 0, 0}, std::array{1, 1, 2, 0, 2, 0}});
    const auto mistakes = confusion.mistakes(2);
    ASSERT_EQ(mistakes.size(), 2U);
    EXPECT_EQ(mistakes[0].of, 2);
    EXPECT_EQ(mistakes[0].taken_for, 1);
    EXPECT_EQ(mistakes[0].times, 2);
    EXPECT_EQ(mistakes[1].of, 0) << "of those that happened once, class 0 is the first";
    EXPECT_EQ(mistakes[1].taken_for, 2);
    EXPECT_EQ(confusion.mistakes(9).size(), 3U);
}

TEST(Confusion, QueriesCountWhereNothingWasRecognised) {
    Confusion confusion(std::array{0, 1});
    confusion.add({std::array{1, 0}, std::array{0, 0, 1}, {}});
    EXPECT_EQ(confusion.queries(1), 2);
    EXPECT_EQ(confusion.queries(0), 1);
    for (const std::int64_t count : confusion.table()) EXPECT_EQ(count, 0);
}

}  // namespace
}  // namespace atnas::engine
