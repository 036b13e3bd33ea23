#include <cmath>
#include <iostream>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/commands/commands.hpp"
#include "atnas/app/commands/outputs.hpp"
#include "atnas/app/commands/stored_encodes.hpp"
#include "atnas/app/commands/stored_weights.hpp"
#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/replica_backend.hpp"
#include "atnas/app/report/evaluation_file.hpp"
#include "atnas/app/report/generation_report.hpp"
#include "atnas/app/task_source.hpp"
#include "atnas/app/tuning_file.hpp"
#include "atnas/backend/backend.hpp"
#include "atnas/core/log.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/io/metrics.hpp"
#include "atnas/meta/episode_evaluator.hpp"
#include "atnas/meta/tasks_in_flight.hpp"
#include "atnas/space/cost_model.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::app {
namespace {

/// The deck of the checkpoint with what the command line says over it.
Deck deck_of(const io::CheckpointState& state, const EvaluateOptions& options) {
    DeckSources sources;
    sources.origin = options.checkpoint.string();
    sources.text = state.deck_text;
    sources.overrides = options.overrides;
    return make_deck(sources);
}

/// What --encode says, else the best of the newest generation.
space::Genotype chosen_genotype(const EvaluateOptions& options, const io::CheckpointState& state,
                                const space::SearchSpace& space, const space::CostModel& costs) {
    if (!options.encode.empty()) return space.from_text(options.encode);
    const auto best = best_of_newest_generation(state.history, costs);
    if (best) return best->genotype;
    throw Error(ExitCode::bad_data,
                {options.checkpoint.string() + " names no best encode", "it was written before the first generation",
                 "give --encode=..., or search for evo.generation_every iterations at least"});
}

EvaluationOrigin origin_of(const EvaluateOptions& options, const io::CheckpointState& state, const TaskSource& source,
                           const Deck& deck) {
    EvaluationOrigin origin;
    origin.seed = deck.run.seed;
    origin.split = data::name_of(options.split);
    origin.data = source.record().source;
    origin.data_digest = source.record().digest;
    origin.classes = static_cast<int>(source.split().classes(options.split).size());
    origin.seen_classes = seen_classes(source.record(), options.split, state.data);
    origin.checkpoint = options.checkpoint.string();
    origin.checkpoint_digest = state.digest;
    origin.iteration = state.counters.at("iteration");
    return origin;
}

struct TaskValues {
    std::vector<double> accuracy, loss;
};

/// Task t on rank t % ranks; every rank gets all values in task order.
TaskValues run_tasks(supernet::Supernet& supernet, const space::Genotype& genotype,
                     const data::EpisodeSampler& episodes, const Deck& deck, int tasks,
                     const comm::Communicator& communicator) {
    const meta::TaskShape shape = meta::shape_of(episodes.options(), deck.task.transductive);
    const meta::Adaptation adaptation({deck.meta.steps_in_evaluation(), static_cast<float>(deck.meta.inner_rate)});
    std::vector<double> mine;
    data::Task task;
    meta::TaskPlans plans(supernet);
    meta::TasksInFlight in_flight(plans);
    for (int t = communicator.rank(); t < tasks; t += communicator.size()) {
        episodes.sample(
            {.seed = deck.run.seed, .purpose = Purpose::test_episode, .item = static_cast<std::uint32_t>(t)}, task);
        meta::TaskPlan& plan = plans.plan(genotype, shape, in_flight.next());
        adaptation.queue(plan, task);
        in_flight.started(plan, [&mine, t](meta::TaskPlan& done) {
            const nn::PassResult result = meta::judged(done.query_result());
            mine.insert(mine.end(), {static_cast<double>(t), result.accuracy, result.loss});
        });
    }
    in_flight.finish();
    const std::vector<double> all = communicator.all_gather(mine);
    int lost = 0;
    TaskValues values{std::vector<double>(static_cast<std::size_t>(tasks)),
                      std::vector<double>(static_cast<std::size_t>(tasks))};
    for (std::size_t i = 0; i < all.size(); i += 3) {
        // A network that computes no numbers recognises nothing.
        const bool finite = std::isfinite(all[i + 1]);
        lost += finite ? 0 : 1;
        values.accuracy[static_cast<std::size_t>(all[i])] = finite ? all[i + 1] : 0.0;
        values.loss[static_cast<std::size_t>(all[i])] = all[i + 2];
    }
    if (lost > 0) world_log().warn("{} of {} tasks gave no finite loss; they count as 0 % right", lost, tasks);
    return values;
}

}  // namespace

ExitCode run_evaluate(const CommandLine& line, const comm::Communicator& communicator) {
    const auto& options = std::get<EvaluateOptions>(line.request);
    const auto held = hold_outputs(line.request, communicator);
    const io::CheckpointState state = io::read_checkpoint(options.checkpoint, 0, -1, communicator);
    const Deck deck = deck_of(state, options);
    on_root(communicator, [&] {
        if (const auto problems = output_problems(options, deck.data); !problems.empty())
            throw Error(ExitCode::bad_data, problems);
    });
    backend::set_threads(deck.runtime.threads);
    const TaskSource source(deck.data, communicator);
    if (options.seen_classes == SeenClasses::refuse) expect_unseen(source.record(), options.split, state.data);
    const data::EpisodeSampler episodes = source.held_out(deck.task, options.split);
    const space::NetworkOptions network = source.network(deck);
    const auto space = space::make_search_space(network);
    const space::CostModel costs(network);
    expect_legal_encodes(state, options.checkpoint, *space);
    const space::Genotype genotype = chosen_genotype(options, state, *space, costs);
    const space::Cost cost = costs.subnet(genotype);
    const auto backend = make_replica_backend(deck, communicator);
    load_tuning(options.checkpoint.parent_path(), *backend, communicator);
    supernet::Supernet supernet(*backend, network, deck.run.seed, lanes_of(deck, *backend));
    load_weights(state, options.checkpoint, ExitCode::bad_data, supernet);

    const Stopwatch clock;
    const TaskValues values = run_tasks(supernet, genotype, episodes, deck, options.tasks, communicator);
    Evaluation evaluation;
    evaluation.origin = origin_of(options, state, source, deck);
    evaluation.task_accuracy = values.accuracy;
    evaluation.task_loss = values.loss;
    evaluation.way = deck.task.way;
    evaluation.shot = deck.task.shot;
    evaluation.query = deck.task.query;
    evaluation.steps = deck.meta.steps_in_evaluation();
    evaluation.transductive = deck.task.transductive == meta::Transductive::yes;
    evaluation.encode = space->to_text(genotype);
    evaluation.parameters = cost.parameters;
    evaluation.macs = cost.macs;
    summarise(evaluation);

    on_root(communicator, [&] {
        std::cout << text_of(evaluation)
                  << fmt::format("{:.1f} tasks/s on {} rank(s)\n", options.tasks / clock.seconds(),
                                 communicator.size());
        if (!options.output.empty()) write_evaluation(options.output, evaluation, make_provenance(line.words));
        if (!options.json.empty()) io::write_json(options.json, json_of(evaluation));
    });
    return ExitCode::done;
}

}  // namespace atnas::app
