// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/problem_list.hpp"

#include <gtest/gtest.h>

namespace atnas {
namespace {

TEST(Excerpt, ShortTextsAreQuotedWhole) {
    EXPECT_EQ(excerpt(""), "");
    EXPECT_EQ(excerpt("Tag\u00e1log = 1"), "Tag\u00e1log = 1");
    EXPECT_EQ(excerpt(std::string(120, 'x')), std::string(120, 'x'));
}

TEST(Excerpt, LongTextsAreCutBetweenCharacters) {
    EXPECT_EQ(excerpt(std::string(121, 'x')), std::string(120, 'x') + "... (121 bytes)");
    std::string greek = "x";
    for (int i = 0; i < 100; ++i) greek += "\u03b1";
    EXPECT_EQ(excerpt(greek), greek.substr(0, 119) + "... (201 bytes)");
    EXPECT_EQ(excerpt(std::string(200, '\x80')).substr(116), "... (200 bytes)") << "no UTF-8 at all";
}

TEST(Excerpt, ControlCharactersAreWrittenOut) {
    EXPECT_EQ(excerpt(std::string("a\0b\n\x1b[2J\x7f", 9)), "a\\x00b\\x0a\\x1b[2J\\x7f");
}

TEST(ProblemList, KeepsTheFirstAndCountsTheOthers) {
    ProblemList list;
    int made = 0;
    const auto make = [&] {
        ++made;
        return Problem{"a", "b", "c"};
    };
    for (std::size_t i = 0; i < ProblemList::usual; ++i) list.add(make);
    EXPECT_EQ(ProblemList(list).take("x.ini").size(), ProblemList::usual) << "nothing more to say";
    for (int i = 0; i < 3; ++i) list.add(make);
    EXPECT_EQ(made, static_cast<int>(ProblemList::usual));
    const auto problems = std::move(list).take("x.ini");
    ASSERT_EQ(problems.size(), ProblemList::usual + 1);
    EXPECT_EQ(problems.back().text(), "x.ini: and 3 more problems");
}

TEST(ProblemList, KeepsAsManyAsItIsTold) {
    ProblemList list(2);
    for (int i = 0; i < 3; ++i) list.add([] { return Problem{"a", "b", "c"}; });
    const auto problems = std::move(list).take("x.zip");
    ASSERT_EQ(problems.size(), 3U);
    EXPECT_EQ(problems.back().text(), "x.zip: and 1 more problems");
}

}  // namespace
}  // namespace atnas
