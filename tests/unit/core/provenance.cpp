// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/provenance.hpp"

#include <algorithm>
#include <regex>

#include <gtest/gtest.h>

namespace atnas {
namespace {

std::string value_of(const Provenance& provenance, const std::string& name) {
    for (const auto& [key, value] : provenance)
        if (key == name) return value;
    return "(missing)";
}

TEST(Provenance, version_is_three_numbers) {
    EXPECT_TRUE(std::regex_match(version(), std::regex("\\d+\\.\\d+\\.\\d+")));
}

TEST(Provenance, names_in_their_order) {
    const std::vector<std::string> expected{"version", "git_revision", "compiler",     "build_type", "host",
                                            "user",    "started",      "command_line", "ranks"};
    std::vector<std::string> names;
    for (const auto& [name, value] : make_provenance({"atnas"}, 3)) {
        names.push_back(name);
        EXPECT_FALSE(value.empty() && name != "build_type") << name;
    }
    EXPECT_EQ(names, expected);
}

TEST(Provenance, values) {
    const auto provenance = make_provenance({"atnas"}, 3);
    EXPECT_EQ(value_of(provenance, "version"), version());
    EXPECT_TRUE(std::regex_match(value_of(provenance, "git_revision"), std::regex("unknown|[0-9a-f]{7,40}(-dirty)?")));
    EXPECT_TRUE(std::regex_match(value_of(provenance, "compiler"), std::regex("[A-Za-z]+ \\d+(\\.\\d+)*")));
    EXPECT_TRUE(std::regex_match(value_of(provenance, "started"),
                                 std::regex("20\\d\\d-[01]\\d-[0-3]\\dT[0-2]\\d:[0-5]\\d:[0-6]\\dZ")));
}

TEST(Provenance, command_line_can_be_typed_again) {
    const auto text = [](const std::vector<std::string>& line) {
        return value_of(make_provenance(line, 1), "command_line");
    };
    EXPECT_EQ(text({"atnas", "search", "deck.ini", "--meta.inner_steps=3"}),
              "atnas search deck.ini --meta.inner_steps=3");
    EXPECT_EQ(text({"atnas", "my deck.ini", "it's", "", "$HOME"}), "atnas 'my deck.ini' 'it'\\''s' '' '$HOME'");
    EXPECT_EQ(text({}), "");
}

}  // namespace
}  // namespace atnas
