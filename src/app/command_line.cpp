#include "atnas/app/command_line.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "atnas/app/command_tables.hpp"
#include "atnas/app/deck_reader.hpp"
#include "atnas/app/outputs.hpp"
#include "atnas/core/provenance.hpp"

namespace atnas::app {
namespace {

struct Command {
    std::string name;
    std::string summary;
    /// From the words after the subcommand to options.
    CommandLine::Request (*parse)(const std::vector<std::string>&, const comm::Communicator&);
};

[[noreturn]] void refuse(std::vector<Problem> problems) {
    throw Error(ExitCode::bad_deck, std::move(problems));
}

/// Refuses all that is wrong with the options, the deck and the files to be written at once. Collective.
void expect_fit(const CommandLine::Request& request, std::vector<Problem> problems,
                const comm::Communicator& communicator) {
    on_root(communicator, [&] {
        const ExitCode code = problems.empty() ? ExitCode::bad_data : ExitCode::bad_deck;
        // Where a search writes follows from its deck.
        const bool known = problems.empty() || !std::holds_alternative<SearchOptions>(request);
        if (known) std::ranges::copy(output_problems(request), std::back_inserter(problems));
        if (!problems.empty()) throw Error(code, problems);
    });
}

bool asks_for_help(const std::vector<std::string>& words) {
    return std::ranges::any_of(words, [](const std::string& word) { return word == "--help" || word == "-h"; });
}

std::string read_file(const std::filesystem::path& path) {
    const auto complain = [&](const std::string& reason) {
        throw Error(ExitCode::bad_deck, {"deck " + path.string(), reason, "check the path; decks lie in inputs/"});
    };
    if (!std::filesystem::exists(path)) complain("there is no such file");
    if (!std::filesystem::is_regular_file(path)) complain("it is not a file");
    // Far above any deck: something else was named, which is not worth reading.
    constexpr std::uintmax_t most_bytes = 1'000'000;
    const std::uintmax_t bytes = std::filesystem::file_size(path);
    if (bytes > most_bytes) complain(fmt::format("it has {} bytes, a deck has at most {}", bytes, most_bytes));
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) complain("it cannot be read");
    return text.str();
}

/// The text of a deck, read once for all ranks.
std::string shared_text(const std::filesystem::path& path, const comm::Communicator& communicator) {
    std::string text;
    together(communicator, [&] {
        if (communicator.is_root()) text = read_file(path);
    });
    return communicator.broadcast(std::move(text), 0);
}

CommandLine::Request parse_search(const std::vector<std::string>& words, const comm::Communicator& communicator) {
    SearchArguments arguments;
    const auto table = search_table(arguments);
    if (asks_for_help(words)) return PrintText{help_text(table)};
    std::vector<Problem> problems;
    DeckSources sources;
    sources.overrides = read_options(table, words, problems);
    sources.overrides.insert(sources.overrides.end(), arguments.overrides.begin(), arguments.overrides.end());
    if (!arguments.deck.empty()) {
        sources.name = arguments.deck.stem().string();
        sources.origin = arguments.deck.string();
        try {
            sources.text = shared_text(arguments.deck, communicator);
        } catch (const Error& error) {
            problems.insert(problems.end(), error.problems().begin(), error.problems().end());
        }
    }
    arguments.options.deck_file = arguments.deck;
    arguments.options.deck_name = sources.name;
    arguments.options.deck = collect_deck(sources, problems);
    if (arguments.dump_deck && problems.empty()) return PrintText{commented_text(arguments.options.deck)};
    expect_fit(arguments.options, std::move(problems), communicator);
    return arguments.options;
}

CommandLine::Request parse_evaluate(const std::vector<std::string>& words, const comm::Communicator& communicator) {
    EvaluateOptions options;
    const auto table = evaluate_table(options);
    if (asks_for_help(words)) return PrintText{help_text(table)};
    std::vector<Problem> problems;
    const auto keys = read_options(table, words, problems);
    options.overrides.insert(options.overrides.end(), keys.begin(), keys.end());
    // The deck they go over is in the checkpoint; what is wrong with them by themselves is wrong over any deck.
    for (const auto& given : options.overrides) {
        DeckSources alone;
        alone.overrides = {given};
        std::vector<Problem> found;
        collect_deck(alone, found);
        const auto about_it = [&](const Problem& problem) { return problem.problem.starts_with(given.where + ": "); };
        std::ranges::copy_if(found, std::back_inserter(problems), about_it);
    }
    expect_fit(options, std::move(problems), communicator);
    return options;
}

CommandLine::Request parse_bench(const std::vector<std::string>& words, const comm::Communicator& communicator) {
    BenchOptions options;
    const auto table = bench_table(options);
    if (asks_for_help(words)) return PrintText{help_text(table)};
    std::vector<Problem> problems;
    DeckSources sources;
    sources.overrides = read_options(table, words, problems, {"case"});
    for (const auto& given : sources.overrides)
        if (!given.name.starts_with("cuda.") && given.name != "runtime.reduction")
            problems.push_back({given.where + ": --" + given.name, "the benchmark has nothing to do with this key",
                                "it takes those of [cuda] and runtime.reduction"});
    const std::string backend = options.deck.runtime.backend;
    options.deck = collect_deck(sources, problems);
    options.deck.runtime.backend = backend;
    expect_fit(options, std::move(problems), communicator);
    return options;
}

CommandLine::Request parse_import(const std::vector<std::string>& words, const comm::Communicator& communicator) {
    ImportRequest request;
    const auto table = import_table(request);
    if (asks_for_help(words)) return PrintText{help_text(table)};
    std::vector<Problem> problems;
    read_options(table, words, problems);
    if (request.output.empty()) {
        problems.push_back({"command line: --output is missing", "the data set needs a name", "add -o NAME.h5"});
    }
    expect_fit(request, std::move(problems), communicator);
    return request;
}

CommandLine::Request parse_info(const std::vector<std::string>& words, const comm::Communicator& communicator) {
    InfoOptions options;
    const auto table = info_table(options);
    if (asks_for_help(words)) return PrintText{help_text(table)};
    std::vector<Problem> problems;
    read_options(table, words, problems);
    expect_fit(options, std::move(problems), communicator);
    return options;
}

CommandLine::Request parse_devices(const std::vector<std::string>& words, const comm::Communicator& communicator) {
    DevicesOptions options;
    const auto table = devices_table(options);
    if (asks_for_help(words)) return PrintText{help_text(table)};
    std::vector<Problem> problems;
    read_options(table, words, problems);
    expect_fit(options, std::move(problems), communicator);
    return options;
}

const std::vector<Command>& commands() {
    static const std::vector<Command> list{
        {"import", "images in an archive or folder tree -> one HDF5 data set", parse_import},
        {"search", "meta-train a supernet and evolve its subnets", parse_search},
        {"evaluate", "few-shot accuracy of a checkpoint on unseen classes", parse_evaluate},
        {"info", "what is in a file", parse_info},
        {"bench", "speed of this machine", parse_bench},
        {"devices", "the GPUs of this machine", parse_devices},
    };
    return list;
}

std::string general_help() {
    std::string text = "ATNAS " + version() +
                       ": neural architecture search across few-shot tasks\n\nUsage: atnas SUBCOMMAND [arguments]\n\n";
    for (const auto& command : commands()) {
        text += "  " + command.name + std::string(10 - command.name.size(), ' ') + command.summary + "\n";
    }
    return text +
           "\n`atnas SUBCOMMAND --help` shows its options, `atnas search --dump-deck` every key of a deck.\n"
           "Exit codes: 0 done; 1 failed; 2 bad deck or arguments; 3 restart refused; 4 bad data or file; 75 stopped "
           "in time or run folder in use, resubmit to go on.\n";
}

[[noreturn]] void refuse_command(const std::string& word) {
    std::vector<std::string> names;
    for (const auto& command : commands()) names.push_back(command.name);
    const auto nearest = nearest_word(word, names);
    refuse({{"command line: \"" + word + "\"", "there is no such subcommand",
             nearest.empty() ? "`atnas --help` lists them" : "did you mean \"" + nearest + "\"?"}});
}

}  // namespace

bool BenchOptions::times_checkpoint() const {
    return std::ranges::count(cases, checkpoint_case) > 0;
}

CommandLine parse_command_line(const std::vector<std::string>& words, const comm::Communicator& communicator) {
    if (words.size() < 2) {
        refuse({{"command line: no subcommand", "there is nothing to do", "`atnas --help` lists the subcommands"}});
    }
    const std::string& first = words[1];
    if (first == "--help" || first == "-h" || first == "help") return {words, PrintText{general_help()}};
    if (first == "--version") return {words, PrintText{"atnas " + version() + "\n"}};
    for (const auto& command : commands()) {
        if (command.name == first) return {words, command.parse({words.begin() + 2, words.end()}, communicator)};
    }
    refuse_command(first);
}

}  // namespace atnas::app
