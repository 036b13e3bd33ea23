// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/command_line.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "atnas/app/commands/command_registry.hpp"
#include "atnas/app/commands/print_text.hpp"
#include "atnas/core/provenance.hpp"

namespace atnas::app {
namespace {

[[noreturn]] void refuse(const Problem& problem) {
    throw Error(ExitCode::bad_deck, problem);
}

bool asks_for_help(const std::vector<std::string>& words) {
    return std::ranges::any_of(words, [](const std::string& word) { return word == "--help" || word == "-h"; });
}

/// Refuses all that is wrong with the options, the deck and the files to be written at once. Collective.
void expect_fit(const Command& command, std::vector<Problem> problems, const comm::Communicator& communicator) {
    on_root(communicator, [&] {
        const ExitCode code = problems.empty() ? ExitCode::bad_data : ExitCode::bad_deck;
        if (problems.empty() || !command.files_follow_from_deck())
            std::ranges::copy(command.output_problems(), std::back_inserter(problems));
        if (!problems.empty()) throw Error(code, problems);
    });
}

std::unique_ptr<Command> parse(const CommandRow& row, const std::vector<std::string>& words,
                               const comm::Communicator& communicator) {
    std::unique_ptr<Command> command = row.make();
    const OptionTable table = table_of(row, *command);
    if (asks_for_help(words)) return std::make_unique<PrintText>(help_text(table));
    std::vector<Problem> problems;
    std::vector<Assignment> keys = read_options(table, words, problems);
    command->complete(std::move(keys), problems, communicator);
    expect_fit(*command, std::move(problems), communicator);
    return command;
}

std::string general_help() {
    std::string text = "ATNAS " + version() +
                       ": neural architecture search across few-shot tasks\n\nUsage: atnas SUBCOMMAND [arguments]\n\n";
    for (const CommandRow& row : command_registry()) text += fmt::format("  {:<9} {}\n", row.name, row.summary);
    text +=
        "\n`atnas SUBCOMMAND --help` shows its options, `atnas search --dump-deck` every key of a deck.\n\nExit "
        "codes:\n";
    for (const auto& [code, meaning] : exit_meanings)
        text += fmt::format("  {:<9} {}\n", static_cast<int>(code), meaning);
    return text;
}

[[noreturn]] void refuse_command(const std::string& word) {
    std::vector<std::string> names;
    for (const CommandRow& row : command_registry()) names.push_back(row.name);
    const auto nearest = nearest_word(word, names);
    refuse({"command line: \"" + word + "\"", "there is no such subcommand",
            nearest.empty() ? "`atnas --help` lists them" : "did you mean \"" + nearest + "\"?"});
}

}  // namespace

std::unique_ptr<Command> parse_command_line(const std::vector<std::string>& words,
                                            const comm::Communicator& communicator) {
    if (words.size() < 2)
        refuse({"command line: no subcommand", "there is nothing to do", "`atnas --help` lists the subcommands"});
    const std::string& first = words[1];
    if (first == "--help" || first == "-h" || first == "help") return std::make_unique<PrintText>(general_help());
    if (first == "--version") return std::make_unique<PrintText>("atnas " + version() + "\n");
    for (const CommandRow& row : command_registry())
        if (row.name == first) return parse(row, {words.begin() + 2, words.end()}, communicator);
    refuse_command(first);
}

}  // namespace atnas::app
