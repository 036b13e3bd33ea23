// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The options of one subcommand as a table: parsing and help follow it.

#include <functional>
#include <string>
#include <vector>

#include "atnas/app/deck/deck_text.hpp"
#include "atnas/app/deck/number_text.hpp"
#include "atnas/core/error.hpp"

namespace atnas::app {

/// Whether an option may be given more than once.
enum class Repeat { no, yes };

/// One option. Without an argument it is a flag, and set() gets an empty text.
struct OptionRow {
    std::string name;      ///< without dashes; a letter may follow: "output,o"
    std::string argument;  ///< e.g. "PATH"; empty = flag
    std::string meaning;
    std::function<Complaint(const std::string& text)> set;
    Repeat repeat{Repeat::no};
};

enum class Need { optional, required };

/// The one argument without a name.
struct PositionalRow {
    std::string name;  ///< e.g. "deck.ini"; empty = none
    std::string meaning;
    Need need{Need::optional};
    std::function<void(const std::string& text)> set;
};

enum class DeckKeys { refused, accepted };

struct OptionTable {
    std::string command;
    std::string summary;  ///< one line
    PositionalRow positional{};
    std::vector<OptionRow> rows;
    DeckKeys deck_keys{DeckKeys::refused};  ///< whether --section.key=value may be given
};

/// Usage, options and their meaning.
std::string help_text(const OptionTable& table);

/// Sets what \p words (those after the subcommand) say, returns the deck keys among them and appends all that is wrong
/// to \p problems: unknown options with the nearest known one, bad values, repetitions, missing and surplus arguments.
std::vector<Assignment> read_options(const OptionTable& table, const std::vector<std::string>& words,
                                     std::vector<Problem>& problems);

}  // namespace atnas::app
