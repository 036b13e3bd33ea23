// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The options of one subcommand as a table: parsing and help follow it.

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "atnas/app/deck/deck_text.hpp"
#include "atnas/app/deck/number_text.hpp"
#include "atnas/core/error.hpp"

namespace atnas::app {

/// Whether an option may be given more than once.
enum class Repeat { no, yes };

/// What an option is about. Help and manual show options by group, in this order.
enum class OptionGroup { input, work, output, running };
inline constexpr std::array option_groups{OptionGroup::input, OptionGroup::work, OptionGroup::output,
                                          OptionGroup::running};
std::string heading_of(OptionGroup group);

/// One option. Without an argument it is a flag, and set() gets an empty text.
struct OptionRow {
    std::string name;  ///< without dashes; a letter may follow: "output,o"
    /// Empty = flag. Words in small letters are values, others stand for one: "latest|PATH"; PATH for a file or folder.
    std::string argument;
    std::string meaning;
    std::function<Complaint(const std::string& text)> set;
    Repeat repeat{Repeat::no};
    OptionGroup group{OptionGroup::work};
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
    /// Names of those that the command uses; with a dot or an underscore at their end, how several begin. Empty = all.
    std::vector<std::string> used_keys{};
    std::string example{};  ///< a whole command line

    void add(OptionGroup group, std::vector<OptionRow> rows);
};

/// Whether the deck key of this name is one of \p listed, which are as OptionTable::used_keys, but not empty.
bool lists_key(const std::vector<std::string>& listed, const std::string& name);

/// Whether the command has a use for the deck key of this name.
bool uses_key(const OptionTable& table, const std::string& name);

/// The values that OptionRow::argument, or DeckKey::type, lists: "latest|PATH" -> latest; none where there is no bar.
std::vector<std::string> listed_values(const std::string& argument);

/// "atnas search [deck.ini] [--section.key=value ...] [options]"
std::string usage_of(const OptionTable& table);

/// Usage, options and their meaning by group, example: a screen of at most 50 lines of at most 100 columns.
std::string help_text(const OptionTable& table);

/// Sets what \p words (those after the subcommand) say, returns the deck keys among them and appends all that is wrong
/// to \p problems: unknown options with the nearest known one, bad values, repetitions, missing and surplus arguments,
/// deck keys that the command has no use for.
std::vector<Assignment> read_options(const OptionTable& table, const std::vector<std::string>& words,
                                     std::vector<Problem>& problems);

}  // namespace atnas::app
