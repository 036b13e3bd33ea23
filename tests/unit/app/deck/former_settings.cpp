// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/former_settings.hpp"

#include <gtest/gtest.h>

#include "atnas/app/deck/deck_reader.hpp"
#include "support/problems.hpp"

namespace atnas::app {
namespace {

using testing::all_of;
using testing::mentions;

std::vector<Problem> problems_with(const std::string& setting, TextOf text_of) {
    std::vector<Problem> problems;
    collect_deck({.origin = "old.ini", .text = "[migration]\n" + setting + "\n", .text_of = text_of}, problems);
    return problems;
}

TEST(FormerSettings, WhatWentIsRefusedInOneLine) {
    const auto problems = problems_with("mode = async", TextOf::user);
    ASSERT_EQ(problems.size(), 1U) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"old.ini:2: migration.mode = async", "nobody waits for migrants", "leave it out"}), 1)
        << all_of(problems);
    std::vector<Problem> of_command_line;
    collect_deck({.overrides = {{"migration.mode", "async", "command line"}}}, of_command_line);
    EXPECT_EQ(mentions(of_command_line, {"command line: migration.mode = async"}), 1) << all_of(of_command_line);
}

TEST(FormerSettings, WhatIsDoneAnyhowIsTaken) {
    EXPECT_TRUE(problems_with("mode = sync", TextOf::user).empty());
}

TEST(FormerSettings, ACheckpointMayHaveThem) {
    EXPECT_TRUE(problems_with("mode = async", TextOf::checkpoint).empty());
    EXPECT_EQ(problems_with("mode = other", TextOf::checkpoint).size(), 1U);
}

TEST(FormerSettings, AnotherNameIsTheKeyOfToday) {
    std::vector<Problem> problems;
    const auto statistics = [&](const char* value) {
        return collect_deck({.overrides = {{"task.transductive", value, "command line"}}}, problems).task.statistics;
    };
    EXPECT_EQ(statistics("true"), meta::Statistics::query);
    EXPECT_EQ(statistics("false"), meta::Statistics::support);
    EXPECT_TRUE(problems.empty()) << all_of(problems);
    statistics("maybe");
    EXPECT_EQ(mentions(problems, {"task.transductive = maybe", "another name of task.statistics", "true and false"}), 1)
        << all_of(problems);
}

TEST(FormerSettings, TwoNamesOfAKeyDoNotStandTogether) {
    std::vector<Problem> problems;
    collect_deck({.origin = "old.ini", .text = "[task]\nstatistics = joint\ntransductive = true\n"}, problems);
    EXPECT_EQ(mentions(problems, {"old.ini:3: task.transductive = true", "task.statistics", "stands there as well"}), 1)
        << all_of(problems);
    // The command line overrides the deck, by whatever name.
    problems.clear();
    const Deck deck = collect_deck(
        {.text = "[task]\nstatistics = joint\n", .overrides = {{"task.transductive", "false", "command line"}}},
        problems);
    EXPECT_TRUE(problems.empty()) << all_of(problems);
    EXPECT_EQ(deck.task.statistics, meta::Statistics::support);
}

TEST(FormerSettings, AnotherNameIsFrozenAsWell) {
    Deck deck;
    deck.task.statistics = meta::Statistics::joint;
    EXPECT_EQ(restart_problems(deck, {{"task.transductive", "true"}}).size(), 1U);
    deck.task.statistics = meta::Statistics::query;
    EXPECT_TRUE(restart_problems(deck, {{"task.transductive", "true"}}).empty());
}

TEST(FormerSettings, OtherValuesOfTheKeyAreUnknown) {
    EXPECT_EQ(mentions(problems_with("mode = other", TextOf::user), {"migration.mode = other", "no such key"}), 1);
    EXPECT_EQ(find_former("migration.interval", "2"), nullptr);
}

}  // namespace
}  // namespace atnas::app
