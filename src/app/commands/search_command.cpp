// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/search_command.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/commands/option_setters.hpp"
#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/launcher.hpp"
#include "atnas/app/search.hpp"
#include "atnas/app/stored_run.hpp"
#include "atnas/core/log.hpp"
#include "atnas/io/metrics.hpp"
#include "atnas/io/run_folder.hpp"

namespace atnas::app {
namespace {

RunStart start_of(const SearchOptions& options) {
    return {options.deck.run.folder, options.restart};
}

/// Everything up to the first iteration; leaves nothing behind. Collective.
void rehearse(const SearchOptions& options, const Provenance& provenance, const comm::Communicator& communicator) {
    Search search(options.deck, provenance, stored_run(start_of(options), communicator), communicator);
    const std::string plan = search.plan();
    if (!communicator.is_root()) return;
    std::cout << plan;
    const std::string user = io::user_of_run_folder(options.deck.run.folder);
    if (!user.empty())
        world_log().warn("run.folder = {} is in use by {}: a run there would have to wait or be refused now",
                         options.deck.run.folder.string(), user);
}

nlohmann::json report_of(Search& search, const Deck& deck, const StartupTimes& startup) {
    nlohmann::json report = json_of(search.latest());
    report["iteration"] = search.iteration();
    report["iterations"] = deck.run.iterations;
    report["checkpoint"] = search.checkpoint().string();
    report.update(search.figures());
    report["startup"] = json_of(startup);
    return report;
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

/// What is in the run folder, or will be, is the run's.
void add_run(std::vector<io::Origin>& inputs, const std::filesystem::path& folder) {
    inputs.push_back({"a file of this run,", io::metrics_path(folder)});
    inputs.push_back({"a file of this run,", folder / "latest.h5"});
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        if (entry->path().filename().string().starts_with("checkpoint-"))
            inputs.push_back({"a file of this run,", entry->path()});
}

/// Beside the checkpoints, for `atnas-analysis report`. What cannot be written there costs a page some figures, not a
/// run its end.
void keep_report(const std::filesystem::path& folder, const nlohmann::json& report) {
    try {
        io::write_json(folder / "search.json", report);
    } catch (const Error& error) {
        world_log().warn("the run folder has no search.json: {}", error.what());
    }
}

}  // namespace

OptionTable SearchCommand::table() {
    OptionTable table;
    table.summary = "meta-train a supernet and evolve its subnets; writes checkpoints";
    table.positional = {"deck.ini", "what to search, and how; without it every key has its default", Need::optional,
                        text_into(options_.deck_file)};
    table.add(OptionGroup::input,
              {
                  {"restart", "latest|PATH", "go on from the newest whole checkpoint of run.folder, or from this one",
                   text_into(options_.restart)},
              });
    table.add(OptionGroup::output,
              {
                  {"dump-deck", "", "print the deck with every key, its default, unit and meaning, and exit",
                   flag_into(options_.dump_deck, DumpDeck::yes)},
                  json_row(options_.json),
              });
    table.add(OptionGroup::running,
              {
                  {"walltime", "S|HH:MM:SS", "stop in time within this; short for --run.walltime",
                   key_into(short_names_, "run.walltime", "--walltime")},
                  {"dry-run", "", "check deck, data and machine, print the plan and start nothing",
                   flag_into(options_.dry_run, DryRun::yes)},
              });
    table.example = "mpirun -n 2 atnas search inputs/quickstart.ini";
    table.deck_keys = DeckKeys::accepted;
    return table;
}

void SearchCommand::complete(std::vector<Assignment> keys, std::vector<Problem>& problems,
                             const comm::Communicator& communicator) {
    DeckSources sources;
    sources.overrides = std::move(keys);
    std::ranges::move(short_names_, std::back_inserter(sources.overrides));
    if (!options_.deck_file.empty()) {
        sources.name = options_.deck_file.stem().string();
        sources.origin = options_.deck_file.string();
        try {
            sources.text = shared_text(options_.deck_file, communicator);
        } catch (const Error& error) {
            problems.insert(problems.end(), error.problems().begin(), error.problems().end());
        }
    }
    options_.deck_name = sources.name;
    options_.deck = collect_deck(sources, problems);
}

CommandFiles SearchCommand::files() const {
    if (options_.dump_deck == DumpDeck::yes) return {};
    const Deck& deck = options_.deck;
    CommandFiles files{given({{"--json", options_.json}}), {}, deck.run.folder};
    if (!options_.deck_file.empty()) files.inputs.push_back({"the deck", options_.deck_file});
    if (!options_.restart.empty() && options_.restart != "latest")
        files.inputs.push_back({"the checkpoint", options_.restart});
    if (!deck.data.built_in()) files.inputs.push_back({"the data set", deck.data.source});
    add_run(files.inputs, deck.run.folder);
    return files;
}

std::vector<Problem> SearchCommand::output_problems() const {
    if (options_.dump_deck == DumpDeck::yes) return {};
    std::vector<Problem> problems = Command::output_problems();
    std::ranges::move(io::run_folder_problems(options_.deck.run.folder), std::back_inserter(problems));
    return problems;
}

ExitCode SearchCommand::run(const Invocation& invocation) {
    // Until the process ends: a second signal must not change the exit code of a run that stopped in time.
    static const StopSignals signals;
    const comm::Communicator& communicator = invocation.communicator;
    const Deck& deck = options_.deck;
    if (options_.dump_deck == DumpDeck::yes) {
        if (communicator.is_root()) std::cout << commented_text(deck);
        return ExitCode::done;
    }
    on_root(communicator, [&] {
        if (const auto problem = launcher_problem(communicator.size(), std::getenv))
            throw Error(ExitCode::bad_deck, *problem);
    });
    backend::set_threads(deck.runtime.threads);
    const Provenance provenance = make_provenance(invocation.words, invocation.communicator.size());
    if (options_.dry_run == DryRun::yes) {
        rehearse(options_, provenance, communicator);
        return ExitCode::done;
    }
    const auto folder = hold_folder(start_of(options_), signals, communicator);
    const auto held = hold_outputs(*this, communicator);
    RunRequests requests(deck, signals, communicator);
    StartupTimes startup;
    std::optional<io::CheckpointState> stored = stored_run(start_of(options_), communicator);
    if (stored) startup.end("checkpoint");
    Search search(deck, provenance, stored, communicator);
    stored.reset();  // as large as the search itself
    startup.end("network");
    world_log().info("atnas {}: {} on {} rank(s), seed {}, run folder {}", version(), options_.deck_name,
                     communicator.size(), deck.run.seed, deck.run.folder.string());
    search.describe_ranks();
    ExitCode code = ExitCode::done;
    try {
        code = search.run(requests, startup);
    } catch (...) {
        invocation.failure(std::current_exception());
    }
    const nlohmann::json report = report_of(search, deck, startup);
    if (code == ExitCode::done)
        world_log().info("best encode {}; state in {}", search.latest().best_encode, search.checkpoint().string());
    on_root(communicator, [&] {
        // A restart of a run that is done has nothing to tell.
        if (report["timed_iterations"] != 0) keep_report(deck.run.folder, report);
        if (!options_.json.empty()) io::write_json(options_.json, report);
    });
    return code;
}

}  // namespace atnas::app
