// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The INI form of a deck: `[section]`, `key = value`, comments after `#` or `;`.

#include <string>
#include <utility>
#include <vector>

#include "atnas/app/deck/deck.hpp"

namespace atnas::app {

/// One value somebody gave to a key.
struct Assignment {
    std::string name;  ///< "section.key"
    std::string value;
    std::string where;  ///< "inputs/x.ini:12", "command line"
};

/// What a text says, and every line that says nothing understandable.
struct IniText {
    std::vector<Assignment> assignments;
    std::vector<Problem> problems;
};

/// Reads INI text. A comment starts a line or follows white space, so that values may contain `;` and `#`; a value in
/// double quotes is taken literally (with \" and \\ inside). Duplicate keys are problems. \p origin names the file.
/// UTF-8, with or without a byte order mark; UTF-16 and zero bytes are named, and nothing else is read then. Of many
/// problems the first are listed (ProblemList).
IniText read_ini(const std::string& text, const std::string& origin);

/// A value as it must stand in an INI line: quoted where it would not be read back otherwise.
std::string ini_value(const std::string& value);

/// Every key and its value, in schema order.
std::vector<std::pair<std::string, std::string>> deck_pairs(const Deck& deck);
/// Canonical INI text of every key in schema order, with "  # default X" behind each value that is not the default;
/// reads back to the same deck.
std::string effective_text(const Deck& deck);
/// The same with type, range, unit, default, meaning and behaviour on restart of every key, for people.
std::string commented_text(const Deck& deck);

}  // namespace atnas::app
