// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/error.hpp"

#include <gtest/gtest.h>

namespace atnas {
namespace {

TEST(Error, text_of_a_problem) {
    EXPECT_EQ((Problem{"meta.steps = -1", "it counts steps", "give 1 or more"}.text()),
              "meta.steps = -1 (it counts steps), give 1 or more");
    EXPECT_EQ((Problem{"deck.ini cannot be read", "", "check its path"}.text()),
              "deck.ini cannot be read, check its path");
    EXPECT_EQ((Problem{"deck.ini cannot be read", "no such file", ""}.text()),
              "deck.ini cannot be read (no such file)");
    EXPECT_EQ((Problem{"deck.ini cannot be read", "", ""}.text()), "deck.ini cannot be read");
}

TEST(Error, carries_code_and_problems) {
    const Error error(ExitCode::bad_data, Problem{"x.h5 is damaged", "it ends early", "import it again"});
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    ASSERT_EQ(error.problems().size(), 1U);
    EXPECT_EQ(error.problems()[0].reason, "it ends early");
    EXPECT_STREQ(error.what(), "x.h5 is damaged (it ends early), import it again");
}

TEST(Error, one_line_per_problem) {
    const Error error(ExitCode::bad_deck, {Problem{"a", "b", "c"}, Problem{"d", "", "e"}});
    EXPECT_STREQ(error.what(), "a (b), c\nd, e");
    EXPECT_EQ(error.problems().size(), 2U);
}

TEST(Error, exit_codes_are_what_batch_scripts_know) {
    EXPECT_EQ(static_cast<int>(ExitCode::done), 0);
    EXPECT_EQ(static_cast<int>(ExitCode::bad_deck), 2);
    EXPECT_EQ(static_cast<int>(ExitCode::restart_refused), 3);
    EXPECT_EQ(static_cast<int>(ExitCode::bad_data), 4);
    EXPECT_EQ(static_cast<int>(ExitCode::stopped), 75);
}

TEST(Error, check_throws_in_every_build) {
    EXPECT_NO_THROW(check(true, ExitCode::bad_deck, "never seen"));
    try {
        check(false, ExitCode::restart_refused, "way differs", "5 against 20", "start afresh");
        FAIL() << "check(false) returned";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::restart_refused);
        EXPECT_STREQ(error.what(), "way differs (5 against 20), start afresh");
    }
}

TEST(Error, nearest_word) {
    const std::vector<std::string> keys{"meta.inner_steps", "meta.inner_rate", "task.way", "task.shot"};
    EXPECT_EQ(nearest_word("meta.inner_step", keys), "meta.inner_steps");
    EXPECT_EQ(nearest_word("meta.innner_rate", keys), "meta.inner_rate");
    EXPECT_EQ(nearest_word("task.wya", keys), "task.way");
    EXPECT_EQ(nearest_word("task.shot", keys), "task.shot");
    EXPECT_EQ(nearest_word("output.folder", keys), "");
    EXPECT_EQ(nearest_word("", keys), "");
    EXPECT_EQ(nearest_word("task.way", {}), "");
}

TEST(Error, nearest_word_of_long_words_takes_no_time) {
    const std::string much(5'000'000, 'x');
    EXPECT_EQ(nearest_word(much, {"task.way"}), "");
    EXPECT_EQ(nearest_word("task.way", {much}), "");
}

TEST(Error, nearest_word_of_short_words) {
    EXPECT_EQ(nearest_word("ad", {"sgd", "adam"}), "");
    EXPECT_EQ(nearest_word("rnig", {"full", "ring"}), "ring") << "a swap is one mistake";
    EXPECT_EQ(nearest_word("bat", {"cat", "hat"}), "cat") << "the first of equals";
    EXPECT_EQ(nearest_word("xbcdfe", {"abcdef"}), "abcdef") << "as many mistakes as there may be, the last a swap";
    EXPECT_EQ(nearest_word("xbcyfe", {"abcdef"}), "") << "one more";
}

}  // namespace
}  // namespace atnas
