#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/commands.hpp"
#include "atnas/app/search.hpp"
#include "atnas/core/log.hpp"
#include "atnas/io/metrics.hpp"

namespace atnas::app {
namespace {

/// Makes the run folder, and refuses to mix a new run with the checkpoints of another.
void prepare_folder(const RunOptions& run, bool restart) {
    std::error_code error;
    std::filesystem::create_directories(run.folder, error);
    if (error)
        throw Error(ExitCode::bad_data, {fmt::format("run.folder = {} cannot be made", run.folder.string()),
                                         error.message(), "choose a folder that you may write to"});
    const auto latest = run.folder / "latest.h5";
    if (!restart && std::filesystem::is_symlink(std::filesystem::symlink_status(latest, error)))
        throw Error(ExitCode::bad_deck,
                    {fmt::format("run.folder = {} holds the checkpoints of another run", run.folder.string()),
                     "a new run would replace them",
                     "go on with --restart=latest, choose another --run.folder=..., or remove it"});
}

nlohmann::json report_of(const Search& search, const Deck& deck) {
    nlohmann::json report = json_of(search.latest());
    report["iteration"] = search.iteration();
    report["iterations"] = deck.run.iterations;
    report["checkpoint"] = search.checkpoint().string();
    return report;
}

}  // namespace

ExitCode run_search(const CommandLine& line, const comm::Communicator& communicator) {
    const auto& options = std::get<SearchOptions>(line.request);
    const Deck& deck = options.deck;
    backend::set_threads(deck.runtime.threads);
    Search search(deck, make_provenance(line.words), communicator);
    if (options.dry_run == DryRun::yes) {
        const std::string plan = search.plan();
        if (communicator.is_root()) std::cout << plan << std::flush;
        return ExitCode::done;
    }
    const bool restart = !options.restart.empty();
    if (restart) search.restore(io::find_checkpoint(deck.run.folder, options.restart, communicator));
    on_root(communicator, [&] { prepare_folder(deck.run, restart); });
    world_log().info("atnas {}: {} on {} rank(s), seed {}, run folder {}", version(), options.deck_name,
                     communicator.size(), deck.run.seed, deck.run.folder.string());
    const ExitCode code = search.run();
    if (code == ExitCode::done)
        world_log().info("best encode {}; state in {}", search.latest().best_encode, search.checkpoint().string());
    if (!options.json.empty()) on_root(communicator, [&] { io::write_json(options.json, report_of(search, deck)); });
    return code;
}

}  // namespace atnas::app
