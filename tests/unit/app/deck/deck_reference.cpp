// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck_reference.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "atnas/app/deck/deck_schema.hpp"

namespace atnas::app {
namespace {

TEST(DeckReference, HasARowForEveryKeyAndATableForEverySection) {
    const std::string text = deck_reference();
    for (const auto& key : deck_schema()) {
        EXPECT_NE(text.find("\n| `" + key.key + "` | "), std::string::npos) << key.name();
        EXPECT_NE(text.find("### [" + key.section + "]\n"), std::string::npos) << key.section;
    }
    EXPECT_NE(text.find("| `query` | integer, 1 ... 10000 | images | `15` | frozen | per class, to be told apart |\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("| `learner` | `fomaml`, `maml`, `meta_sgd`, `anil`, `reptile` | "), std::string::npos);
}

TEST(DeckReference, EveryRowHasSixCells) {
    const std::string text = deck_reference();
    for (std::size_t first = 0; first < text.size();) {
        const std::size_t end = text.find('\n', first);
        const std::string line = text.substr(first, end - first);
        first = end + 1;
        if (!line.starts_with('|')) continue;
        int bars = 0;
        for (std::size_t i = 0; i < line.size(); ++i) bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\') ? 1 : 0;
        EXPECT_EQ(bars, 7) << line;
    }
}

/// Where they differ, the right text is left in a file, to be copied.
TEST(DeckReference, IsWhatInputsReadmeShows) {
    const std::filesystem::path readme = std::filesystem::path(ATNAS_TESTS).parent_path() / "inputs/README.md";
    std::ifstream file(readme);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::string begin = deck_reference_begin;
    const std::size_t first = text.find(begin);
    const std::size_t last = text.find(deck_reference_end);
    ASSERT_LT(first, last) << readme << " lacks the markers of the deck reference";
    ASSERT_NE(last, std::string::npos) << readme << " lacks the second marker of the deck reference";
    if (text.substr(first + begin.size(), last - first - begin.size()) == deck_reference()) return;
    const std::filesystem::path right = std::filesystem::absolute("inputs_README.md");
    std::ofstream(right) << text.substr(0, first + begin.size()) << deck_reference() << text.substr(last);
    FAIL() << readme << " is not what the table of keys says. The right text is in " << right
           << ": look at the difference, then copy it there.";
}

}  // namespace
}  // namespace atnas::app
