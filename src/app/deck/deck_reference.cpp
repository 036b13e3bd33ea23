// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck_reference.hpp"

#include <string_view>

#include "atnas/app/deck/deck_schema.hpp"

namespace atnas::app {
namespace {

/// Text for a cell of a table: what Markdown would take for a column or a tag is escaped.
std::string escaped(std::string_view text) {
    std::string cell;
    for (const char letter : text) {
        if (letter == '|' || letter == '<') cell += '\\';
        cell += letter;
    }
    return cell;
}

std::string code(std::string_view text) {
    return "`" + std::string(text) + "`";
}

/// "a|b|c" -> "`a`, `b`, `c`"; other types are words.
std::string type_text(std::string_view type) {
    if (type.find('|') == std::string_view::npos) return std::string(type);
    std::string text;
    while (true) {
        const auto bar = type.find('|');
        text += (text.empty() ? "" : ", ") + code(type.substr(0, bar));
        if (bar == std::string_view::npos) return text;
        type.remove_prefix(bar + 1);
    }
}

std::string row_of(const DeckKey& key) {
    const std::string standard = key.get(Deck{});
    std::string row = "| " + code(key.key) + " | " + type_text(key.type);
    if (!key.range.empty()) row += ", " + escaped(key.range);
    row += " | " + escaped(key.unit) + " | " + (standard.empty() ? "empty" : code(standard));
    row += key.on_restart == OnRestart::frozen ? " | frozen | " : " | may change | ";
    return row + escaped(key.meaning) + " |\n";
}

}  // namespace

std::string deck_reference() {
    std::string text;
    std::string section;
    for (const auto& key : deck_schema()) {
        if (key.section != section) {
            text += (section.empty() ? "### [" : "\n### [") + key.section + "]\n\n";
            text += "| key | type and range | unit | default | restart | meaning |\n|---|---|---|---|---|---|\n";
            section = key.section;
        }
        text += row_of(key);
    }
    return text;
}

}  // namespace atnas::app
