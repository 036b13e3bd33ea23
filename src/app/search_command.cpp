#include <cstdlib>
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/commands.hpp"
#include "atnas/app/launcher.hpp"
#include "atnas/app/search.hpp"
#include "atnas/core/log.hpp"
#include "atnas/io/metrics.hpp"

namespace atnas::app {
namespace {

void make_folder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        throw Error(ExitCode::bad_data, {fmt::format("run.folder = {} cannot be made", folder.string()),
                                         error.message(), "choose a folder that you may write to"});
}

/// A run would prune the checkpoints of another; only one of its own lets it into a folder that holds some.
void refuse_checkpoints(const std::filesystem::path& folder) {
    if (io::holds_checkpoints(folder))
        throw Error(ExitCode::bad_deck,
                    {fmt::format("run.folder = {} holds the checkpoints of another run", folder.string()),
                     "this run would replace them",
                     "go on with --restart=latest, choose another --run.folder=..., or remove it"});
}

bool same_folder(const std::filesystem::path& a, const std::filesystem::path& b) {
    std::error_code ignored;
    return std::filesystem::equivalent(a, b, ignored);
}

nlohmann::json report_of(Search& search, const Deck& deck) {
    nlohmann::json report = json_of(search.latest());
    report["iteration"] = search.iteration();
    report["iterations"] = deck.run.iterations;
    report["checkpoint"] = search.checkpoint().string();
    report.update(search.figures());
    return report;
}

}  // namespace

ExitCode run_search(const CommandLine& line, const comm::Communicator& communicator, const Failure& failure) {
    // Until the process ends: a second signal must not change the exit code of a run that stopped in time.
    static const StopSignals signals;
    const auto& options = std::get<SearchOptions>(line.request);
    const Deck& deck = options.deck;
    on_root(communicator, [&] {
        if (const auto problem = launcher_problem(communicator.size(), std::getenv))
            throw Error(ExitCode::bad_deck, *problem);
    });
    backend::set_threads(deck.runtime.threads);
    if (options.dry_run == DryRun::yes) {
        const std::string plan = Search(deck, make_provenance(line.words), communicator).plan();
        if (communicator.is_root()) std::cout << plan << std::flush;
        return ExitCode::done;
    }
    RunRequests requests(deck, signals, communicator);
    Search search(deck, make_provenance(line.words), communicator);
    std::filesystem::path origin;  // the checkpoint to go on from
    if (!options.restart.empty()) origin = io::find_checkpoint(deck.run.folder, options.restart, communicator);
    on_root(communicator, [&] {
        if (origin.empty() || !same_folder(std::filesystem::absolute(origin).parent_path(), deck.run.folder))
            refuse_checkpoints(deck.run.folder);
    });
    if (!origin.empty()) search.restore(origin);
    on_root(communicator, [&] { make_folder(deck.run.folder); });
    world_log().info("atnas {}: {} on {} rank(s), seed {}, run folder {}", version(), options.deck_name,
                     communicator.size(), deck.run.seed, deck.run.folder.string());
    search.describe_ranks();
    ExitCode code = ExitCode::done;
    try {
        code = search.run(requests);
    } catch (...) {
        failure(std::current_exception());
    }
    const nlohmann::json report = report_of(search, deck);
    if (code == ExitCode::done)
        world_log().info("best encode {}; state in {}", search.latest().best_encode, search.checkpoint().string());
    if (!options.json.empty()) on_root(communicator, [&] { io::write_json(options.json, report); });
    return code;
}

}  // namespace atnas::app
