// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/manual/man_page.hpp"

#include <gtest/gtest.h>

#include "atnas/app/commands/command_registry.hpp"

namespace atnas::app {
namespace {

bool has(const std::string& page, const std::string& part) {
    return page.find(part) != std::string::npos;
}

TEST(ManPage, OfTheProgramListsCommands) {
    const std::string page = program_page();
    EXPECT_TRUE(has(page, "\n.TH ATNAS 1 ")) << page;
    for (const CommandRow& row : command_registry())
        EXPECT_TRUE(has(page, "\\fBatnas\\-" + row.name + "\\fR(1)\n")) << page;
    EXPECT_TRUE(has(page, ".TP\n75\n")) << page;
}

TEST(ManPage, OfACommandHasGroupsAndIsEscaped) {
    OptionTable table;
    table.command = "try";
    table.summary = "a trial";
    table.positional = {"file", ".dots and `quotes`", Need::required, {}};
    table.add(OptionGroup::output, {{"output,o", "PATH", "it's a \\ slash", {}}});
    table.add(OptionGroup::input, {{"loud", "", "be loud", {}}});
    table.example = "atnas try me --loud";
    const std::string page = command_page(table);
    EXPECT_TRUE(has(page, ".SH NAME\natnas\\-try \\- a trial\n")) << page;
    EXPECT_TRUE(has(page, ".TP\n\\fBfile\\fR\n\\&.dots and \\(gaquotes\\(ga\n")) << page;
    EXPECT_TRUE(has(page, ".TP\n\\fB\\-o\\fR, \\fB\\-\\-output\\fR=\\fIPATH\\fR\nit\\(aqs a \\e slash\n")) << page;
    EXPECT_TRUE(has(page, ".EX\natnas try me \\-\\-loud\n.EE\n")) << page;
    EXPECT_LT(page.find(".SS What goes in\n.TP\n\\fB\\-\\-loud\\fR\n"), page.find(".SS What comes out\n")) << page;
    EXPECT_FALSE(has(page, "What is done")) << "there is nothing in it";
    EXPECT_FALSE(has(page, "section.key")) << "the command takes no keys";
}

}  // namespace
}  // namespace atnas::app
