// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/option_table.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include <fmt/ranges.h>
#include <boost/program_options.hpp>

#include "atnas/app/deck/deck_schema.hpp"
#include "atnas/app/deck/former_settings.hpp"
#include "atnas/core/problem_list.hpp"

namespace atnas::app {
namespace {

namespace po = boost::program_options;

constexpr const char* where = "command line";

std::string long_name(const OptionRow& row) {
    return row.name.substr(0, row.name.find(','));
}

/// Takes `--name=value` as it stands. Boost itself refuses an empty value, and several keys of a deck may be empty; it
/// also stops at a flag with a value, which therefore keeps the value in its name until the reader complains about it.
std::vector<po::option> split_assignment(const OptionTable& table, std::vector<std::string>& words) {
    const std::string word = words.front();
    const auto equals = word.find('=');
    if (!word.starts_with("--") || word.size() < 4 || equals == std::string::npos) return {};
    const std::string name = word.substr(2, equals - 2);
    const bool is_flag = std::ranges::any_of(
        table.rows, [&](const OptionRow& row) { return row.argument.empty() && long_name(row) == name; });
    po::option option;
    option.string_key = is_flag ? word.substr(2) : name;
    option.value = {word.substr(equals + 1)};
    option.original_tokens = {word};
    words.erase(words.begin());
    return {option};
}

/// Columns of a screen, and those of them that the meaning of an option has at least.
constexpr unsigned screen_width = 100;
constexpr unsigned meaning_width = 65;

po::options_description described(const OptionTable& table) {
    po::options_description all(screen_width, meaning_width);
    for (const OptionGroup group : option_groups) {
        po::options_description options(heading_of(group), screen_width, meaning_width);
        for (const auto& row : table.rows) {
            if (row.group != group) continue;
            if (row.argument.empty()) {
                options.add_options()(row.name.c_str(), row.meaning.c_str());
            } else {
                auto* value = po::value<std::vector<std::string>>()->value_name(row.argument);
                options.add_options()(row.name.c_str(), value, row.meaning.c_str());
            }
        }
        if (group == OptionGroup::running) options.add_options()("help,h", "print this and exit");
        if (!options.options().empty()) all.add(options);
    }
    return all;
}

/// What was meant by an option nobody knows.
std::string suggestion_for(const OptionTable& table, const std::string& name) {
    std::vector<std::string> names;
    for (const auto& row : table.rows) names.push_back(long_name(row));
    if (const auto nearest = nearest_word(name, names); !nearest.empty()) return "did you mean --" + nearest + "?";
    if (table.deck_keys == DeckKeys::accepted) {
        for (const auto& key : deck_schema()) {
            if (key.key == name) return "did you mean --" + key.name() + "?";
        }
    }
    return "`atnas " + table.command + " --help` lists the options";
}

/// Which sections of a deck the command uses, whole or in part.
std::string used_sections(const OptionTable& table) {
    std::vector<std::string> whole;
    std::set<std::string> parts;
    for (const auto& start : table.used_keys) {
        const std::string section = "[" + start.substr(0, start.find('.')) + "]";
        if (start.ends_with('.'))
            whole.push_back(section);
        else
            parts.insert(section);
    }
    std::string text = "atnas " + table.command + " takes keys of ";
    text += fmt::format("{}", fmt::join(whole, ", "));
    if (!whole.empty() && !parts.empty()) text += " and ";
    return parts.empty() ? text : text + fmt::format("some of {}", fmt::join(parts, ", "));
}

/// Walks over what Boost found.
class OptionReader {
  public:
    OptionReader(const OptionTable& table, std::vector<Problem>& problems) : table_(table), problems_(problems) {}

    void read(const po::option& option) {
        if (option.position_key >= 0 || option.string_key.empty()) {
            for (const auto& value : option.value) positional(value);
            return;
        }
        const std::string value = option.value.empty() ? "" : option.value.front();
        if (table_.deck_keys == DeckKeys::accepted && option.string_key.find('.') != std::string::npos) {
            if (uses_key(table_, option.string_key))
                overrides_.push_back({option.string_key, value, where});
            else
                complain(option.string_key + " = " + value, "this command does not use it",
                         "leave it out; " + used_sections(table_));
        } else {
            named(option, value);
        }
    }

    std::vector<Assignment> finish() {
        const auto& row = table_.positional;
        if (row.need == Need::required && positionals_ == 0) {
            complain(row.name + " is missing", "atnas " + table_.command + " needs it: " + row.meaning,
                     "`atnas " + table_.command + " --help` shows the usage");
        }
        return std::move(overrides_);
    }

  private:
    void complain(const std::string& what, std::string reason, std::string suggestion) {
        problems_.push_back({std::string(where) + ": " + excerpt(what), std::move(reason), std::move(suggestion)});
    }

    void positional(const std::string& value) {
        ++positionals_;
        if (positionals_ == 1 && !table_.positional.name.empty()) {
            table_.positional.set(value);
        } else {
            complain("\"" + value + "\"", "there is one argument without a name too many",
                     "options start with --; `atnas " + table_.command + " --help` shows the usage");
        }
    }

    void named(const po::option& option, const std::string& value) {
        const std::string name = option.string_key.substr(0, option.string_key.find('='));
        const auto found = std::ranges::find(table_.rows, name, long_name);
        const std::string token = option.original_tokens.empty() ? name : option.original_tokens.front();
        if (found == table_.rows.end()) {
            return complain(token, "atnas " + table_.command + " has no such option", suggestion_for(table_, name));
        }
        if (++count_[name] > 1 && found->repeat == Repeat::no) {
            return complain(token, "the option was already given", "keep one of them");
        }
        if (found->argument.empty() && !option.value.empty()) {
            return complain(token, "the option takes no value", "write --" + name);
        }
        if (!found->argument.empty() && value.empty()) {
            return complain(token, "the value is empty", "write --" + name + "=" + found->argument);
        }
        if (const auto complaint = found->set(value)) {
            complain("--" + name + "=" + value, *complaint, "expected " + found->argument);
        }
    }

    const OptionTable& table_;
    std::vector<Problem>& problems_;
    std::map<std::string, int> count_;
    int positionals_{0};
    std::vector<Assignment> overrides_;
};

}  // namespace

std::string heading_of(OptionGroup group) {
    switch (group) {
        case OptionGroup::input:
            return "What goes in";
        case OptionGroup::work:
            return "What is done";
        case OptionGroup::output:
            return "What comes out";
        case OptionGroup::running:
            break;
    }
    return "Running";
}

void OptionTable::add(OptionGroup group, std::vector<OptionRow> added) {
    for (OptionRow& row : added) {
        row.group = group;
        rows.push_back(std::move(row));
    }
}

bool lists_key(const std::vector<std::string>& listed, const std::string& name) {
    return std::ranges::any_of(listed, [&](const std::string& key) {
        return name == key || ((key.ends_with('.') || key.ends_with('_')) && name.starts_with(key));
    });
}

bool uses_key(const OptionTable& table, const std::string& name) {
    if (table.deck_keys == DeckKeys::refused) return false;
    return table.used_keys.empty() || lists_key(table.used_keys, name);
}

std::vector<std::string> listed_values(const std::string& argument) {
    std::vector<std::string> values;
    if (argument.find('|') == std::string::npos) return values;
    std::istringstream words(argument);
    for (std::string word; std::getline(words, word, '|');)
        if (std::ranges::none_of(word, [](char letter) { return letter >= 'A' && letter <= 'Z'; }))
            values.push_back(word);
    return values;
}

std::string usage_of(const OptionTable& table) {
    std::string usage = "atnas " + table.command;
    const auto& positional = table.positional;
    const bool required = positional.need == Need::required;
    if (!positional.name.empty()) usage += required ? " " + positional.name : " [" + positional.name + "]";
    if (table.deck_keys == DeckKeys::accepted) usage += " [--section.key=value ...]";
    return usage + " [options]";
}

std::string help_text(const OptionTable& table) {
    std::ostringstream text;
    text << "atnas " << table.command << ": " << table.summary << "\n\nUsage: " << usage_of(table) << "\n";
    const auto& positional = table.positional;
    if (!positional.name.empty()) text << "  " << positional.name << ": " << positional.meaning << "\n";
    text << described(table);
    if (table.deck_keys == DeckKeys::accepted)
        text << "  --section.key=value overrides the deck's; `atnas search --dump-deck` prints all keys and meanings\n";
    text << "\nExample:\n  " << table.example << "\n";
    return text.str();
}

std::vector<Assignment> read_options(const OptionTable& table, const std::vector<std::string>& words,
                                     std::vector<Problem>& problems) {
    po::options_description all = described(table);
    if (table.deck_keys == DeckKeys::accepted) {
        std::set<std::string> names;
        for (const auto& key : deck_schema()) names.insert(key.name());
        for (const auto& former : former_settings()) names.insert(std::string(former.name));
        for (const auto& name : names) all.add_options()(name.c_str(), po::value<std::vector<std::string>>(), "");
    }
    using namespace po::command_line_style;
    OptionReader reader(table, problems);
    try {
        const auto parsed =
            po::command_line_parser(words)
                .options(all)
                .extra_style_parser([&](std::vector<std::string>& rest) { return split_assignment(table, rest); })
                .style(unix_style & ~allow_guessing & ~allow_sticky)
                .allow_unregistered()
                .run();
        for (const auto& option : parsed.options) reader.read(option);
    } catch (const po::error& error) {
        problems.push_back(
            {std::string(where) + ": " + error.what(), "", "`atnas " + table.command + " --help` shows the usage"});
        return {};
    }
    return reader.finish();
}

}  // namespace atnas::app
