// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/manual/completion.hpp"

#include <set>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "atnas/app/commands/command_registry.hpp"
#include "atnas/app/deck/deck_schema.hpp"
#include "atnas/core/provenance.hpp"

namespace atnas::app {
namespace {

/// After _atnas_commands, _atnas_words and _atnas_values, which hold what the tables say.
constexpr const char* completer = R"script(
# Puts those of the words into COMPREPLY that begin as the current one: _atnas_reply WORDS CURRENT
_atnas_reply() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

_atnas_paths() {
    local paths
    mapfile -t paths < <(compgen -f -- "$1")
    COMPREPLY+=("${paths[@]}")
    compopt -o filenames 2>/dev/null
}

_atnas() {
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    local option='' values='' word='' words=''
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        _atnas_reply "$_atnas_commands --help --version" "$current"
        return
    fi
    # Bash makes three words of --option=value.
    if [[ $current == = ]]; then
        option=$before current=''
    elif [[ $before == = ]] && ((COMP_CWORD > 2)); then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    elif [[ $before == -* ]]; then
        option=$before
    fi
    if [[ $option == -* ]] && values=$(_atnas_values "$command" "$option"); then
        _atnas_reply "${values/PATH/}" "$current"
        if [[ " $values " == *" PATH "* ]]; then _atnas_paths "$current"; fi
    elif [[ $current == -* ]]; then
        # Keys of a deck: the sections, then the keys of one.
        for word in $(_atnas_words "$command"); do
            if [[ $word == *.* && $current != --*.* ]]; then word=${word%%.*}.; fi
            words+=" $word"
        done
        _atnas_reply "$(printf '%s\n' $words | sort -u)" "$current"
        if [[ ${COMPREPLY[0]-} == *[=.] ]]; then compopt -o nospace 2>/dev/null; fi
    else
        _atnas_paths "$current"
    fi
}

complete -F _atnas atnas
)script";

std::string long_option(const OptionRow& row) {
    return "--" + row.name.substr(0, row.name.find(','));
}

/// The words that a case of the shell matches: "search --seed" or, for options with a letter, both names.
std::string pattern_of(const std::string& command, const OptionRow& row) {
    const auto comma = row.name.find(',');
    std::string pattern = fmt::format("\"{} {}\"", command, long_option(row));
    if (comma != std::string::npos) pattern += fmt::format(" | \"{} -{}\"", command, row.name.substr(comma + 1));
    return pattern;
}

/// The values of an option with an argument, PATH among them if it may be one.
std::string values_of(const OptionRow& row) {
    std::vector<std::string> values = listed_values(row.argument);
    if (row.argument.ends_with("PATH")) values.emplace_back("PATH");
    return fmt::format("{}", fmt::join(values, " "));
}

std::string quoted(const std::vector<std::string>& words) {
    return fmt::format("'{}'", fmt::join(words, " "));
}

}  // namespace

std::string bash_completion() {
    std::vector<std::string> commands;
    std::string words = "# The options and deck keys of a command.\n_atnas_words() {\n    case $1 in\n";
    std::string values =
        "# What may stand after an option or a deck key; fails for those without a value: _atnas_values COMMAND "
        "OPTION\n_atnas_values() {\n    case \"$1 $2\" in\n";
    for (const CommandRow& row : command_registry()) {
        const std::unique_ptr<Command> command = row.make();
        const OptionTable table = table_of(row, *command);
        commands.push_back(row.name);
        std::vector<std::string> names{"--help"};
        for (const OptionRow& option : table.rows) {
            names.push_back(long_option(option) + (option.argument.empty() ? "" : "="));
            if (!option.argument.empty())
                values += fmt::format("    {}) echo '{}' ;;\n", pattern_of(row.name, option), values_of(option));
        }
        for (const DeckKey& key : deck_schema())
            if (uses_key(table, key.name())) names.push_back("--" + key.name() + "=");
        words += fmt::format("    {}) echo {} ;;\n", row.name, quoted(names));
    }
    for (const DeckKey& key : deck_schema())
        values += fmt::format("    *\" --{}\") echo {} ;;\n", key.name(), quoted(listed_values(key.type)));
    return fmt::format(
        "# SPDX-License-Identifier: Apache-2.0\n# Completion of atnas {} in bash.\n\n_atnas_commands={}\n\n{}    esac\n"
        "}}\n\n{}    *) return 1 ;;\n    esac\n}}\n{}",
        version(), quoted(commands), words, values, completer);
}

}  // namespace atnas::app
