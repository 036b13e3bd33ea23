// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/option_table.hpp"

#include <gtest/gtest.h>

#include "support/problems.hpp"

namespace atnas::app {
namespace {

using testing::all_of;
using testing::mentions;

/// A command with one option of every kind.
class OptionTableTest : public ::testing::Test {
  protected:
    OptionTable table() {
        OptionTable table;
        table.command = "try";
        table.summary = "a trial";
        table.positional = {"file", "what to try", Need::required, [this](const std::string& text) { file = text; }};
        table.rows = {
            {"count,c", "N", "how many", [this](const std::string& text) { return read_number(text, count); }},
            {"loud", "", "be loud", [this](const std::string& text) {
                 loud = text.empty();
                 return Complaint();
             }}};
        table.deck_keys = DeckKeys::accepted;
        table.example = "atnas try me --count=3";
        return table;
    }
    std::vector<Assignment> read(const std::vector<std::string>& words) {
        return read_options(table(), words, problems);
    }

    std::string file;
    int count{0};
    bool loud{false};
    std::vector<Problem> problems;
};

TEST_F(OptionTableTest, AllFormsAreRead) {
    const auto overrides =
        read({"--count=3", "name", "--loud", "--meta.rate=0.5", "--evo.founder=", "--task.way", "7"});
    EXPECT_TRUE(problems.empty()) << all_of(problems);
    EXPECT_EQ(count, 3);
    EXPECT_EQ(file, "name");
    EXPECT_TRUE(loud);
    ASSERT_EQ(overrides.size(), 3U);
    EXPECT_EQ(overrides[0].name, "meta.rate");
    EXPECT_EQ(overrides[0].value, "0.5");
    EXPECT_EQ(overrides[1].name, "evo.founder");
    EXPECT_EQ(overrides[1].value, "");
    EXPECT_EQ(overrides[2].value, "7");
    EXPECT_EQ(overrides[2].where, "command line");
}

TEST_F(OptionTableTest, KeysThatTheCommandDoesNotUseAreRefused) {
    OptionTable narrow = table();
    narrow.used_keys = {"cuda.", "runtime.reduction"};
    const auto kept = read_options(
        narrow, {"name", "--cuda.tf32=true", "--runtime.reduction=fast", "--runtime.threads=2", "--run.seed=3"},
        problems);
    EXPECT_EQ(kept.size(), 2U);
    EXPECT_EQ(problems.size(), 2U) << all_of(problems);
    EXPECT_EQ(
        mentions(problems, {"runtime.threads = 2", "does not use it", "takes keys of [cuda] and some of [runtime]"}), 1)
        << all_of(problems);
    EXPECT_EQ(mentions(problems, {"run.seed = 3", "does not use it"}), 1) << all_of(problems);
}

TEST_F(OptionTableTest, KeysThatWentTakeTheirValueAfterASpaceToo) {
    const auto overrides = read({"name", "--migration.mode", "async"});
    EXPECT_TRUE(problems.empty()) << all_of(problems);
    ASSERT_EQ(overrides.size(), 1U);
    EXPECT_EQ(overrides[0].value, "async");
}

TEST_F(OptionTableTest, LettersAndSpaces) {
    read({"-c", "4", "name"});
    EXPECT_TRUE(problems.empty()) << all_of(problems);
    EXPECT_EQ(count, 4);
    read({"--count", "5", "name"});
    EXPECT_TRUE(problems.empty()) << all_of(problems);
    EXPECT_EQ(count, 5);
    EXPECT_EQ(file, "name");
}

TEST_F(OptionTableTest, ValuesMayContainEqualSigns) {
    const auto overrides = read({"name", "--evo.founder=normal=a:0;reduce=b:1"});
    ASSERT_EQ(overrides.size(), 1U);
    EXPECT_EQ(overrides[0].value, "normal=a:0;reduce=b:1");
}

TEST_F(OptionTableTest, NegativeValues) {
    const auto overrides = read({"name", "--meta.eval_steps=-1", "--count=-2"});
    EXPECT_TRUE(problems.empty()) << all_of(problems);
    ASSERT_EQ(overrides.size(), 1U);
    EXPECT_EQ(overrides[0].value, "-1");
    EXPECT_EQ(count, -2);
}

TEST_F(OptionTableTest, EverythingWrongIsListed) {
    read({"--cuont=3", "--count=x", "a", "b", "--loud=yes", "--iterations=5", "-q"});
    EXPECT_EQ(mentions(problems, {"--cuont=3", "did you mean --count?"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"--count=x", "not an integer", "expected N"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"\"b\""}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"--loud=yes", "takes no value"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"--iterations=5", "did you mean --run.iterations?"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"-q"}), 1) << all_of(problems);
    EXPECT_EQ(problems.size(), 6U) << all_of(problems);
}

TEST_F(OptionTableTest, MissingThings) {
    read({"--count="});
    EXPECT_EQ(mentions(problems, {"--count", "empty"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"file is missing"}), 1) << all_of(problems);
    problems.clear();
    read({"name", "--count"});
    EXPECT_EQ(mentions(problems, {"count"}), 1) << all_of(problems);
}

TEST_F(OptionTableTest, AbbreviationsAreNotGuessed) {
    read({"name", "--cou=3"});
    EXPECT_EQ(count, 0);
    EXPECT_EQ(problems.size(), 1U) << all_of(problems);
}

TEST_F(OptionTableTest, RepetitionOnlyWhereItMeansSomething) {
    read({"name", "--count=1", "--count=2"});
    EXPECT_EQ(mentions(problems, {"--count=2", "already given"}), 1) << all_of(problems);
    problems.clear();
    OptionTable repeating = table();
    repeating.rows[0].repeat = Repeat::yes;
    read_options(repeating, {"name", "--count=1", "--count=2"}, problems);
    EXPECT_TRUE(problems.empty()) << all_of(problems);
}

TEST_F(OptionTableTest, DeckKeysOnlyWhereThereIsADeck) {
    auto without = table();
    without.deck_keys = DeckKeys::refused;
    read_options(without, {"name", "--meta.rate=1"}, problems);
    EXPECT_EQ(mentions(problems, {"--meta.rate=1", "no such option"}), 1) << all_of(problems);
}

TEST_F(OptionTableTest, HelpNamesEverything) {
    const auto text = help_text(table());
    for (const char* word :
         {"a trial", "Usage: atnas try file", "--count ] N", "how many", "--loud", "--section.key=value",
          "What is done:", "Running:", "\nExample:\n  atnas try me --count=3\n"}) {
        EXPECT_NE(text.find(word), std::string::npos) << word << "\n" << text;
    }
}

TEST_F(OptionTableTest, HelpShowsGroupsInTheirOrder) {
    OptionTable groups = table();
    groups.add(OptionGroup::output,
               {{"last", "PATH", "what comes last", [](const std::string&) { return Complaint(); }}});
    groups.add(OptionGroup::input,
               {{"first", "PATH", "what is first", [](const std::string&) { return Complaint(); }}});
    const auto text = help_text(groups);
    std::size_t place = 0;
    for (const char* line : {"What goes in:\n  --first PATH", "What is done:\n  -c [ --count ] N",
                             "What comes out:\n  --last", "Running:\n  -h [ --help ]", "Example:"}) {
        const auto found = text.find(line, place);
        EXPECT_NE(found, std::string::npos) << line << "\n" << text;
        place = found;
    }
}

TEST(OptionTable, ValuesThatAnArgumentLists) {
    using Words = std::vector<std::string>;
    EXPECT_EQ(listed_values("islands|random|none"), (Words{"islands", "random", "none"}));
    EXPECT_EQ(listed_values("latest|PATH"), Words{"latest"});
    EXPECT_EQ(listed_values("1|3"), (Words{"1", "3"}));
    EXPECT_EQ(listed_values("S|HH:MM:SS"), Words{});
    EXPECT_EQ(listed_values("PATH"), Words{});
    EXPECT_EQ(listed_values("number"), Words{});
    EXPECT_EQ(listed_values(""), Words{});
}

TEST_F(OptionTableTest, KeysThatACommandUses) {
    OptionTable some = table();
    EXPECT_TRUE(uses_key(some, "meta.rate"));
    some.used_keys = {"cuda.", "meta.rate"};
    EXPECT_TRUE(uses_key(some, "meta.rate"));
    EXPECT_TRUE(uses_key(some, "cuda.streams"));
    EXPECT_FALSE(uses_key(some, "meta.batch"));
    EXPECT_FALSE(uses_key(some, "meta.rate_of_another")) << "a whole name";
    some.used_keys = {"data.jitter_"};
    EXPECT_TRUE(uses_key(some, "data.jitter_scale"));
    EXPECT_FALSE(uses_key(some, "data.source"));
    some.deck_keys = DeckKeys::refused;
    EXPECT_FALSE(uses_key(some, "data.jitter_scale"));
}

}  // namespace
}  // namespace atnas::app
