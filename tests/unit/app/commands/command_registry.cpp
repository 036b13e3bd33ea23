// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/command_registry.hpp"

#include <algorithm>
#include <sstream>

#include <gtest/gtest.h>

#include "support/problems.hpp"

namespace atnas::app {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    return {std::istream_iterator<std::string>(stream), {}};
}

/// Each command with its options.
class EveryCommand : public ::testing::TestWithParam<std::size_t> {
  protected:
    const CommandRow& row{command_registry()[GetParam()]};
    std::unique_ptr<Command> command{row.make()};
    OptionTable table{table_of(row, *command)};
};

TEST_P(EveryCommand, HelpFitsAScreen) {
    const auto lines = lines_of(help_text(table));
    EXPECT_LE(lines.size(), 50U) << help_text(table);
    for (const std::string& line : lines) EXPECT_LE(line.size(), 100U) << line;
}

TEST_P(EveryCommand, HelpShowsEachOptionUnderItsGroup) {
    const auto lines = lines_of(help_text(table));
    auto line = lines.begin();
    std::size_t shown = 0;
    for (const OptionGroup group : option_groups) {
        const auto in_group = [&](const OptionRow& option) { return option.group == group; };
        if (std::ranges::none_of(table.rows, in_group) && group != OptionGroup::running) continue;
        line = std::find(line, lines.end(), heading_of(group) + ":");
        ASSERT_NE(line, lines.end()) << heading_of(group) << "\n" << help_text(table);
        const auto end = std::find(line, lines.end(), "");
        for (const OptionRow& option : table.rows) {
            if (!in_group(option)) continue;
            const std::string name = "--" + option.name.substr(0, option.name.find(',')) + " ";
            const std::string with_letter = "[ " + name + "]";
            shown += static_cast<std::size_t>(std::count_if(line, end, [&](const std::string& text) {
                return text.starts_with("  " + name) || text.find(with_letter) != std::string::npos;
            }));
        }
    }
    EXPECT_EQ(shown, table.rows.size()) << help_text(table);
}

TEST_P(EveryCommand, HelpEndsWithAnExampleOfItsOptions) {
    EXPECT_EQ(lines_of(help_text(table)).back(), "  " + table.example);
    auto words = words_of(table.example);
    const auto program = std::ranges::find(words, "atnas");
    ASSERT_LT(program, words.end() - 1) << table.example;
    EXPECT_EQ(program[1], row.name);
    std::vector<Problem> problems;
    read_options(table, {program + 2, words.end()}, problems);
    EXPECT_TRUE(problems.empty()) << testing::all_of(problems);
}

INSTANTIATE_TEST_SUITE_P(CommandRegistry, EveryCommand, ::testing::Range<std::size_t>(0, command_registry().size()),
                         [](const auto& test) { return command_registry()[test.param].name; });

TEST(CommandRegistry, CommandsUseTheKeysThatTheyAccept) {
    for (const CommandRow& row : command_registry()) {
        const auto command = row.make();
        const OptionTable table = table_of(row, *command);
        EXPECT_EQ(uses_key(table, "runtime.reduction"), table.deck_keys == DeckKeys::accepted) << row.name;
        EXPECT_EQ(uses_key(table, "meta.batch"), row.name == "search" || row.name == "evaluate") << row.name;
    }
}

}  // namespace
}  // namespace atnas::app
