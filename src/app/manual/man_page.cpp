// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/manual/man_page.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include <fmt/format.h>

#include "atnas/app/commands/command_registry.hpp"
#include "atnas/core/provenance.hpp"

namespace atnas::app {
namespace {

/// Text as roff: as it stands, also when it is copied from the page.
std::string roff(std::string_view text) {
    std::string result;
    for (const char letter : text) {
        switch (letter) {
            case '\\':
                result += "\\e";
                break;
            case '-':
                result += "\\-";
                break;
            case '`':
                result += "\\(ga";
                break;
            case '\'':
                result += "\\(aq";
                break;
            case '^':
                result += "\\(ha";
                break;
            case '~':
                result += "\\(ti";
                break;
            default:
                result += letter;
        }
    }
    // A line that begins with a dot would be a request.
    return (text.starts_with('.') ? "\\&" : "") + result;
}

std::string bold(std::string_view text) {
    return "\\fB" + roff(text) + "\\fR";
}

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    return text;
}

/// Down to the synopsis.
std::string head(const std::string& page, const std::string& summary, const std::string& usage) {
    return fmt::format(
        ".\\\" SPDX-License-Identifier: Apache-2.0\n.TH {} 1 \"\" \"ATNAS {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n"
        ".SH SYNOPSIS\n{}\n",
        roff(upper(page)), version(), roff(page), roff(summary), bold(usage));
}

/// A name and what it means.
std::string item(const std::string& name, const std::string& meaning) {
    return fmt::format(".TP\n{}\n{}\n", name, roff(meaning));
}

/// "-o, --output PATH"
std::string option_item(const OptionRow& row) {
    const auto comma = row.name.find(',');
    std::string name = bold("--" + row.name.substr(0, comma));
    if (comma != std::string::npos) name = bold("-" + row.name.substr(comma + 1)) + ", " + name;
    if (!row.argument.empty()) name += "=\\fI" + roff(row.argument) + "\\fR";
    return item(name, row.meaning);
}

std::string exit_status() {
    std::string section = ".SH EXIT STATUS\n";
    for (const auto& [code, meaning] : exit_meanings)
        section += item(std::to_string(static_cast<int>(code)), std::string(meaning));
    return section;
}

}  // namespace

std::string program_page() {
    std::string page =
        head("atnas", "neural architecture search across few-shot tasks", "atnas SUBCOMMAND [arguments]");
    page += ".SH SUBCOMMANDS\n";
    for (const CommandRow& row : command_registry()) page += item(bold("atnas-" + row.name) + "(1)", row.summary);
    page += exit_status();
    page += ".SH SEE ALSO\n" + bold("atnas search --dump-deck") + " prints every key of a deck with its meaning.\n";
    return page;
}

std::string command_page(const OptionTable& table) {
    std::string page = head("atnas-" + table.command, table.summary, usage_of(table));
    page += ".SH OPTIONS\n";
    if (!table.positional.name.empty()) page += item(bold(table.positional.name), table.positional.meaning);
    for (const OptionGroup group : option_groups) {
        std::string items;
        for (const OptionRow& row : table.rows)
            if (row.group == group) items += option_item(row);
        if (group == OptionGroup::running) {
            items += item(bold("-h") + ", " + bold("--help"), "print the options and exit");
            if (table.deck_keys == DeckKeys::accepted)
                items += item(bold("--section.key") + "=\\fIvalue\\fR",
                              "overrides what the deck says; `atnas search --dump-deck` prints all keys and meanings");
        }
        if (!items.empty()) page += ".SS " + heading_of(group) + "\n" + items;
    }
    page += ".SH EXAMPLE\n.EX\n" + roff(table.example) + "\n.EE\n" + exit_status();
    page += ".SH SEE ALSO\n" + bold("atnas") + "(1)\n";
    return page;
}

}  // namespace atnas::app
