#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/commands/commands.hpp"
#include "atnas/app/commands/outputs.hpp"
#include "atnas/app/launcher.hpp"
#include "atnas/app/search.hpp"
#include "atnas/core/log.hpp"
#include "atnas/io/metrics.hpp"
#include "atnas/io/run_folder.hpp"

namespace atnas::app {
namespace {

/// A restart may follow the loss of a machine: NFS keeps its locks for 90 s and more.
constexpr std::chrono::seconds lost_machine_patience{150};

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

/// The checkpoint to go on from; empty = none. Throws Error: there is none, or the folder is another run's. Collective.
std::filesystem::path origin_of(const SearchOptions& options, const comm::Communicator& communicator) {
    const std::filesystem::path& folder = options.deck.run.folder;
    std::filesystem::path origin;
    if (!options.restart.empty()) origin = io::find_checkpoint(folder, options.restart, communicator);
    on_root(communicator, [&] {
        if (origin.empty() || !same_folder(std::filesystem::absolute(origin).parent_path(), folder))
            refuse_checkpoints(folder);
    });
    return origin;
}

/// Everything up to the first iteration; leaves nothing behind. Collective.
void rehearse(const SearchOptions& options, const Provenance& provenance, const comm::Communicator& communicator) {
    const std::filesystem::path origin = origin_of(options, communicator);
    Search search(options.deck, provenance, communicator);
    if (!origin.empty()) search.restore(origin);
    const std::string plan = search.plan();
    if (!communicator.is_root()) return;
    std::cout << plan;
    const std::string user = io::user_of_run_folder(options.deck.run.folder);
    if (!user.empty())
        world_log().warn("run.folder = {} is in use by {}: a run there would have to wait or be refused now",
                         options.deck.run.folder.string(), user);
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
    const Provenance provenance = make_provenance(line.words);
    if (options.dry_run == DryRun::yes) {
        rehearse(options, provenance, communicator);
        return ExitCode::done;
    }
    std::optional<io::RunFolder> folder;  // on rank 0
    on_root(communicator, [&] {
        io::Patience patience;
        if (!options.restart.empty()) patience = {lost_machine_patience, [] { return !signals.arrived().empty(); }};
        folder.emplace(deck.run.folder, patience);
    });
    const auto held = hold_outputs(line.request, communicator);
    RunRequests requests(deck, signals, communicator);
    const std::filesystem::path origin = origin_of(options, communicator);
    Search search(deck, provenance, communicator);
    if (!origin.empty()) search.restore(origin);
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
