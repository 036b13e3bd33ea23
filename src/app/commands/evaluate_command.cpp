// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/evaluate_command.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/commands/option_setters.hpp"
#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/deck/engine_options.hpp"
#include "atnas/app/report/evaluation_file.hpp"
#include "atnas/app/report/generation_report.hpp"
#include "atnas/backend/backend.hpp"
#include "atnas/core/log.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/engine/meta_network.hpp"
#include "atnas/engine/stored_weights.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/io/metrics.hpp"
#include "atnas/meta/episode_evaluator.hpp"
#include "atnas/meta/task_evaluator.hpp"
#include "atnas/meta/tasks_in_flight.hpp"
#include "atnas/space/cost_model.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::app {
namespace {

/// The text of the best encode of the newest generation: rank 0 holds the history. Collective.
std::string best_encode(const io::CheckpointState& state, const engine::MetaNetwork& net,
                        const comm::Communicator& communicator) {
    std::string text;
    on_root(communicator, [&] {
        const auto best = best_of_newest_generation(state.history, net.costs());
        if (!best)
            throw Error(ExitCode::bad_data,
                        {state.path.string() + " names no best encode", "it was written before the first generation",
                         "give --encode=..., or search for evo.generation_every iterations at least"});
        text = net.space().to_text(best->genotype);
    });
    return communicator.broadcast(text, 0);
}

/// All classes are judged by as test classes are.
data::Role role_of(const EvaluateOptions& options) {
    return options.split.value_or(data::Role::test);
}

/// The deck of the checkpoint under what the command line says.
Deck deck_of(const EvaluateOptions& options, const io::CheckpointState& state) {
    Deck deck = stored_deck(state, options.overrides);
    if (!options.split) deck.data.split.all_in = role_of(options);
    return deck;
}

EvaluationOrigin origin_of(const EvaluateOptions& options, const io::CheckpointState& state,
                           const engine::TaskSource& source, const Deck& deck) {
    EvaluationOrigin origin;
    origin.seed = deck.run.seed;
    origin.split = options.split ? data::name_of(*options.split) : "all";
    origin.data = source.record().source;
    origin.data_digest = source.record().digest;
    origin.classes = static_cast<int>(source.split().classes(role_of(options)).size());
    origin.seen_classes = seen_classes(source.record(), role_of(options), state.data);
    origin.checkpoint = state.path.string();
    origin.checkpoint_digest = state.digest;
    origin.iteration = state.counters.at("iteration");
    return origin;
}

std::vector<TaskKind> kinds_of(const EvaluateOptions& options, const Deck& deck) {
    return options.kinds.empty() ? std::vector{TaskKind{deck.task.way, deck.task.shot}} : options.kinds;
}

/// The deck for tasks of this kind.
Deck with_kind(Deck deck, TaskKind kind) {
    deck.task.way = deck.space.way = kind.way;
    deck.task.shot = kind.shot;
    return deck;
}

/// Throws Error(bad_deck) for kinds of tasks that the network has no head for.
void expect_heads(const std::vector<TaskKind>& kinds, const Deck& deck) {
    if (deck.space.head != space::Head::linear) return;
    std::vector<Problem> problems;
    for (const TaskKind kind : kinds) {
        if (kind.way == deck.task.way) continue;
        problems.push_back({"--tasks-of: " + text_of(kind) + " with space.head = linear",
                            fmt::format("the linear head has as many outputs as task.way = {}", deck.task.way),
                            "leave it out"});
    }
    if (!problems.empty()) throw Error(ExitCode::bad_deck, problems);
}

/// What judges: an encode in a network, adapted as the deck says.
struct Candidate {
    engine::MetaNetwork& net;
    const space::Genotype& genotype;
    std::span<const data::Task> training;  ///< to average statistics over
    Deck deck;
};

/// Tasks as the search learned them, whatever tasks and data are asked for now. Collective.
std::vector<data::Task> training_tasks(const Deck& deck, const io::CheckpointState& state,
                                       const engine::TaskSource& now, const comm::Communicator& communicator) {
    if (deck.task.statistics != meta::Statistics::running) return {};
    Deck trained = stored_deck(state, {});
    trained.task.statistics = deck.task.statistics;
    trained.task.statistics_tasks = deck.task.statistics_tasks;
    const bool same = now.record().digest == state.data.digest && now.record().train == state.data.train;
    if (same) return now.to_average(trained.task, trained.run.seed);
    const engine::TaskSource before(trained.data, communicator);
    if (before.record().digest != state.data.digest)
        throw Error(ExitCode::bad_data, {trained.data.source + " holds other data than the search was made with",
                                         "running statistics are averages over its training tasks",
                                         "put the data set back, or add --statistics=support"});
    return before.to_average(trained.task, trained.run.seed);
}

/// Accuracy and loss of the deck's tasks. Task t on rank t % ranks; every rank gets all values in task order.
void run_tasks(const Candidate& candidate, const data::EpisodeSampler& episodes, EvaluationResult& result,
               const comm::Communicator& communicator) {
    const Deck& deck = candidate.deck;
    meta::TaskEvaluator evaluator(candidate.net.plans(),
                                  {judged_adaptation(deck), deck.task.statistics, candidate.training});
    const int tasks = static_cast<int>(result.task_accuracy.size());
    std::vector<double> mine;
    data::Task task;
    meta::TasksInFlight in_flight(candidate.net.supernet());
    for (int t = communicator.rank(); t < tasks; t += communicator.size()) {
        episodes.sample(
            {.seed = deck.run.seed, .purpose = Purpose::test_episode, .item = static_cast<std::uint32_t>(t)}, task);
        meta::TaskPlan& plan = evaluator.queue(candidate.genotype, task, in_flight.next());
        in_flight.started([&mine, &plan, t] {
            const nn::PassResult judged = meta::judged(plan.query_result());
            mine.insert(mine.end(), {static_cast<double>(t), judged.accuracy, judged.loss});
        });
    }
    in_flight.finish();
    const std::vector<double> all = communicator.all_gather(mine);
    int lost = 0;
    for (std::size_t i = 0; i < all.size(); i += 3) {
        // A network that computes no numbers recognises nothing.
        const bool finite = std::isfinite(all[i + 1]);
        lost += finite ? 0 : 1;
        result.task_accuracy[static_cast<std::size_t>(all[i])] = finite ? all[i + 1] : 0.0;
        result.task_loss[static_cast<std::size_t>(all[i])] = all[i + 2];
    }
    if (lost > 0) world_log().warn("{} of {} tasks gave no finite loss; they count as 0 % right", lost, tasks);
}

EvaluationResult result_of(const Candidate& candidate, const EvaluateOptions& options,
                           const comm::Communicator& communicator) {
    const Deck& deck = candidate.deck;
    space::NetworkOptions network = candidate.net.network();
    network.way = deck.task.way;
    const space::Cost cost = space::CostModel(network).subnet(candidate.genotype);
    const auto tasks = static_cast<std::size_t>(options.tasks);
    EvaluationResult result{.kind = {deck.task.way, deck.task.shot},
                            .task_accuracy = std::vector<double>(tasks),
                            .task_loss = std::vector<double>(tasks),
                            .parameters = cost.parameters,
                            .macs = cost.macs};
    run_tasks(candidate, candidate.net.data().held_out(deck.task, role_of(options)), result, communicator);
    summarise(result);
    return result;
}

}  // namespace

OptionTable EvaluateCommand::table() {
    using data::Role;
    OptionTable table;
    table.summary = "few-shot accuracy with 95 % interval of an encode on unseen classes";
    table.positional = {"checkpoint.h5", "a checkpoint of `atnas search`", Need::required,
                        text_into(options_.checkpoint)};
    table.rows = {
        {"tasks", "N", "number of tasks (1000)", number_into(options_.tasks, 1)},
        {"tasks-of", "WAYxSHOT,...", "so many tasks of each of these kinds, for example 5x1,5x5,20x1",
         [this](const std::string& text) { return read_task_kinds(text, options_.kinds); }},
        {"encode", "TEXT", "which subnet; the best of the checkpoint by default", text_into(options_.encode)},
        {"way", "N", "classes of a task; the deck's by default", key_into(options_.overrides, "task.way", "--way")},
        {"shot", "N", "labelled images per class; the deck's by default",
         key_into(options_.overrides, "task.shot", "--shot")},
        {"query", "N", "images per class to be told apart; the deck's by default",
         key_into(options_.overrides, "task.query", "--query")},
        {"steps", "N", "inner steps; the deck's by default",
         key_into(options_.overrides, "meta.eval_steps", "--steps")},
        {"split", "test|validation|train|all", "which classes (test); all = of every role, or of none",
         choice_into<std::optional<Role>, std::optional<Role>>(
             options_.split,
             {{"test", Role::test}, {"validation", Role::validation}, {"train", Role::train}, {"all", {}}})},
        {"allow-seen", "", "evaluate even if the search trained on, or chose encodes by, some of these classes",
         flag_into(options_.seen_classes, SeenClasses::allow)},
        {"statistics", "query|support|joint|running", "which images normalise the query; the deck's by default",
         key_into(options_.overrides, "task.statistics", "--statistics")},
        {"transductive", "true|false", "true = --statistics=query, false = --statistics=support",
         key_into(options_.overrides, "task.transductive", "--transductive")},
        {"data", "PATH", "another data set; the deck's by default",
         key_into(options_.overrides, "data.source", "--data")},
        {"output", "PATH", "write the values of all tasks to this HDF5 file", text_into(options_.output)},
        json_row(options_.json),
        {"seed", "N", "of the tasks; the deck's by default", key_into(options_.overrides, "run.seed", "--seed")},
    };
    table.deck_keys = DeckKeys::accepted;
    return table;
}

void EvaluateCommand::complete(std::vector<Assignment> keys, std::vector<Problem>& problems,
                               const comm::Communicator&) {
    std::ranges::move(keys, std::back_inserter(options_.overrides));
    const auto of_a_kind = [](const Assignment& key) { return key.name == "task.way" || key.name == "task.shot"; };
    if (const auto given = std::ranges::find_if(options_.overrides, of_a_kind);
        !options_.kinds.empty() && given != options_.overrides.end())
        problems.push_back({"--tasks-of=" + text_of(options_.kinds) + " beside " + given->name + " = " + given->value,
                            "both say what kind of tasks", "leave one of them out"});
    // The deck they override is in the checkpoint; what is wrong with them by themselves is wrong over any deck.
    for (const Assignment& given : options_.overrides) {
        DeckSources alone;
        alone.overrides = {given};
        std::vector<Problem> found;
        collect_deck(alone, found);
        const auto about_it = [&](const Problem& problem) { return problem.problem.starts_with(given.where + ": "); };
        std::ranges::copy_if(found, std::back_inserter(problems), about_it);
    }
}

CommandFiles EvaluateCommand::files() const {
    CommandFiles files{given({{"--output", options_.output}, {"--json", options_.json}}),
                       {{"the checkpoint", options_.checkpoint}}};
    for (const Assignment& key : options_.overrides)
        if (key.name == "data.source") files.inputs.push_back({"the data set", key.value});
    return files;
}

std::vector<Problem> output_problems(const EvaluateOptions& options, const engine::DataOptions& data) {
    if (data.built_in()) return {};
    const auto outputs = given({{"--output", options.output}, {"--json", options.json}});
    const std::vector<io::Origin> inputs{{"the data set", data.source}};
    return io::destination_problems(outputs, inputs);
}

ExitCode EvaluateCommand::run(const Invocation& invocation) {
    const comm::Communicator& communicator = invocation.communicator;
    const auto held = hold_outputs(*this, communicator);
    const io::CheckpointState state = io::read_checkpoint(options_.checkpoint, communicator);
    const Deck deck = deck_of(options_, state);
    on_root(communicator, [&] {
        if (const auto problems = app::output_problems(options_, deck.data); !problems.empty())
            throw Error(ExitCode::bad_data, problems);
    });
    const std::vector<TaskKind> kinds = kinds_of(options_, deck);
    expect_heads(kinds, deck);
    backend::set_threads(deck.runtime.threads);
    const data::Role role = role_of(options_);
    engine::TaskSource loaded(deck.data, communicator);
    if (options_.seen_classes == SeenClasses::refuse) expect_unseen(loaded.record(), role, state.data);
    for (const TaskKind kind : kinds) static_cast<void>(loaded.held_out(with_kind(deck, kind).task, role));
    const engine::MetaNetworkOptions network = network_options(deck);
    // Before a device is taken.
    if (!options_.encode.empty())
        static_cast<void>(space::make_search_space(loaded.fitted(network.network))->from_text(options_.encode));
    engine::MetaNetwork net = engine::MetaNetwork::open(state, std::move(loaded), network, communicator);
    if (deck.meta.outer.average > 0) engine::load_average(state, net.supernet());
    const space::Genotype genotype =
        net.space().from_text(options_.encode.empty() ? best_encode(state, net, communicator) : options_.encode);

    const std::vector<data::Task> training = training_tasks(deck, state, net.data(), communicator);

    const Stopwatch clock;
    Evaluation evaluation;
    evaluation.origin = origin_of(options_, state, net.data(), deck);
    evaluation.query = deck.task.query;
    evaluation.steps = deck.meta.steps_in_evaluation();
    evaluation.statistics = deck.task.statistics;
    evaluation.encode = net.space().to_text(genotype);
    for (const TaskKind kind : kinds)
        evaluation.results.push_back(
            result_of({.net = net, .genotype = genotype, .training = training, .deck = with_kind(deck, kind)}, options_,
                      communicator));
    const double tasks_per_second =
        static_cast<double>(options_.tasks) * static_cast<double>(kinds.size()) / clock.seconds();

    on_root(communicator, [&] {
        std::cout << text_of(evaluation)
                  << fmt::format("{:.1f} tasks/s on {} rank(s)\n", tasks_per_second, communicator.size());
        if (!options_.output.empty()) write_evaluation(options_.output, evaluation, make_provenance(invocation.words));
        if (!options_.json.empty()) io::write_json(options_.json, json_of(evaluation));
    });
    return ExitCode::done;
}

}  // namespace atnas::app
