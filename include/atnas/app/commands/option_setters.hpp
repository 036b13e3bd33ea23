// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the rows of option tables do with a value, and rows that several commands have. Everything refers to its
/// target, which must outlive the table.

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "atnas/app/deck/number_text.hpp"
#include "atnas/app/deck/option_table.hpp"

namespace atnas::app {

using Setter = std::function<Complaint(const std::string& text)>;

/// Reads a number not below \p low.
template <class Number, class Target>
Setter number_into(Target& target, Number low) {
    return [&target, low](const std::string& text) -> Complaint {
        Number value{};
        if (auto complaint = read_number(text, value)) return complaint;
        if (value < low) return "it must be >= " + number_text(low);
        target = value;
        return {};
    };
}

template <class Target>
Setter text_into(Target& target) {
    return [&target](const std::string& text) -> Complaint {
        target = text;
        return {};
    };
}

/// One of several names; a flag has the single name "".
template <class Target, class Value>
Setter choice_into(Target& target, std::vector<std::pair<std::string, Value>> choices) {
    return [&target, choices = std::move(choices)](const std::string& text) -> Complaint {
        std::string names;
        for (const auto& [name, value] : choices) {
            names += (names.empty() ? "" : ", ") + name;
            if (name != text) continue;
            target = value;
            return {};
        }
        return "choices are " + names;
    };
}

template <class Target, class Value>
Setter flag_into(Target& target, Value value) {
    return choice_into<Target, Value>(target, {{"", value}});
}

/// A short name of a deck key: checked and applied like the key.
Setter key_into(std::vector<Assignment>& overrides, std::string key, std::string option);

/// --json PATH
OptionRow json_row(std::filesystem::path& json);

}  // namespace atnas::app
