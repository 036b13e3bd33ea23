// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/evaluate.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "atnas/app/commands/command.hpp"
#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/deck/engine_options.hpp"
#include "atnas/app/judged_network.hpp"
#include "atnas/backend/backend.hpp"
#include "atnas/core/log.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/data/query_copies.hpp"
#include "atnas/engine/meta_network.hpp"
#include "atnas/engine/stored_weights.hpp"
#include "atnas/engine/task_results.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/space/cost_model.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::app {
namespace {

/// All classes are judged by as test classes are.
data::Role role_of(const EvaluateOptions& options) {
    return options.split.value_or(data::Role::test);
}

/// The deck of the checkpoint under what the command line says.
Deck deck_of(const EvaluateOptions& options, const io::CheckpointState& state) {
    // Nothing is bred, and these images may be larger than those that the bounds were made for.
    std::vector<Assignment> overrides = options.overrides;
    for (const char* bound : {"space.max_macs", "space.max_parameters"}) {
        if (std::ranges::find(overrides, bound, &Assignment::name) == overrides.end())
            overrides.push_back({bound, "0", "evaluate"});
    }
    Deck deck = stored_deck(state, overrides);
    if (!options.split) deck.data.split.all_in = role_of(options);
    return deck;
}

EvaluationOrigin origin_of(const EvaluateOptions& options, const io::CheckpointState& state,
                           const engine::TaskSource& source, const Deck& deck) {
    EvaluationOrigin origin;
    origin.seed = deck.run.seed;
    origin.data = source.record().source;
    origin.data_digest = source.record().digest;
    origin.runs = options.challenge.runs.string();
    if (origin.runs.empty()) {
        origin.split = options.split ? data::name_of(*options.split) : "all";
        origin.classes = static_cast<int>(source.split().classes(role_of(options)).size());
        origin.seen_classes = seen_classes(source.record(), role_of(options), state.data);
    }
    origin.checkpoint = state.path.string();
    origin.checkpoint_digest = state.digest;
    origin.iteration = state.counters.at("iteration");
    if (deck.meta.outer.average > 0) origin.weights = JudgedWeights::average;
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

/// The kinds of tasks that are asked for. Throws Error(bad_deck) where the classes or the network forbid them.
std::vector<TaskKind> drawn_kinds(const EvaluateOptions& options, const Deck& deck, const engine::TaskSource& source,
                                  const io::DataRecord& stored) {
    std::vector<TaskKind> kinds = kinds_of(options, deck);
    expect_heads(kinds, deck);
    if (options.seen_classes == SeenClasses::refuse) expect_unseen(source.record(), role_of(options), stored);
    for (const TaskKind kind : kinds) static_cast<void>(source.held_out(with_kind(deck, kind).task, role_of(options)));
    return kinds;
}

/// What judges: an encode in a network.
struct Candidate {
    engine::MetaNetwork& net;
    const space::Genotype& genotype;
    std::span<const data::Task> training;  ///< to average statistics over
};

/// Of the task of that number.
RandomKey key_of(const Deck& deck, int number) {
    return {.seed = deck.run.seed, .purpose = Purpose::test_episode, .item = static_cast<std::uint32_t>(number)};
}

/// What tasks of the deck's kind give; those of a run may have fewer classes.
EvaluationResult result_of(const Candidate& candidate, const Deck& deck, engine::JudgedTasks tasks,
                           const comm::Communicator& communicator) {
    const engine::TaskSource& source = candidate.net.data();
    const data::QueryCopies copies(source.images().shape, source.query_copies(deck.task));
    tasks.query_copies = copies.count();
    tasks.copy_of = [&](int number, const data::LabelledImages& queries, int copy) {
        return copies.copy(queries, key_of(deck, number), copy);
    };
    space::NetworkOptions network = candidate.net.network();
    network.way = deck.task.way;
    const space::Cost cost = space::CostModel(network).subnet(candidate.genotype);
    engine::TaskResults results = engine::run_tasks(
        {candidate.net, candidate.genotype, {judged_adaptation(deck), deck.task.statistics, candidate.training}}, tasks,
        communicator);
    if (const int lost = results.not_finite(); lost > 0)
        world_log().warn("{} of {} tasks gave no finite loss; they count as 0 % right", lost, tasks.count);
    EvaluationResult result{.kind = {deck.task.way, deck.task.shot},
                            .task_accuracy = std::move(results.accuracy),
                            .task_loss = std::move(results.loss),
                            .parameters = cost.parameters,
                            .macs = cost.macs};
    summarise(result);
    return result;
}

EvaluationResult on_drawn_tasks(const Candidate& candidate, const Deck& deck, const EvaluateOptions& options,
                                const comm::Communicator& communicator) {
    const data::EpisodeSampler episodes = candidate.net.data().held_out(deck.task, role_of(options));
    data::Task task;
    const auto draw = [&](int number) -> const data::Task& {
        episodes.sample(key_of(deck, number), task);
        return task;
    };
    std::optional<engine::Confusion> confusion;
    if (options.confusions == Confusions::counted)
        confusion.emplace(candidate.net.data().split().classes(role_of(options)));
    EvaluationResult result = result_of(
        candidate, deck, {.count = options.tasks, .task_of = draw, .confusion = confusion ? &*confusion : nullptr},
        communicator);
    result.confusion = std::move(confusion);
    return result;
}

EvaluationResult on_runs(const Candidate& candidate, const Deck& deck, std::span<const data::OneShotRun> runs,
                         const comm::Communicator& communicator) {
    TaskKind kind{0, 1};
    std::vector<RunFigures> figures;
    for (const data::OneShotRun& run : runs) {
        kind.way = std::max(kind.way, run.task.way);
        figures.push_back({run.name, run.task.way, run.task.query.count()});
    }
    const engine::TaskSource& source = candidate.net.data();
    const data::SupportCopies copies(source.images().shape, source.support_copies(deck.task));
    data::Task task;
    const auto task_of = [&](int run) -> const data::Task& {
        task = runs[static_cast<std::size_t>(run)].task;
        copies.add(task, key_of(deck, run));
        return task;
    };
    EvaluationResult result = result_of(candidate, with_kind(deck, kind),
                                        {.count = static_cast<int>(runs.size()), .task_of = task_of}, communicator);
    result.runs = std::move(figures);
    return result;
}

}  // namespace

std::vector<io::Destination> outputs_of(const EvaluateOptions& options) {
    return given({{"--output", options.output}, {"--json", options.json}});
}

std::vector<Problem> output_problems(const EvaluateOptions& options, const engine::DataOptions& data) {
    if (data.built_in()) return {};
    const std::vector<io::Origin> inputs{{"the data set", data.source}};
    return io::destination_problems(outputs_of(options), inputs);
}

Evaluation evaluate(const EvaluateOptions& options, const comm::Communicator& communicator) {
    const io::CheckpointState state = io::read_checkpoint(options.checkpoint, communicator);
    const Deck deck = deck_of(options, state);
    on_root(communicator, [&] {
        if (const auto problems = output_problems(options, deck.data); !problems.empty())
            throw Error(ExitCode::bad_data, problems);
    });
    backend::set_threads(deck.runtime.threads);
    engine::TaskSource loaded(deck.data, communicator);
    engine::MetaNetworkOptions network = network_options(deck);
    network.inner_loop = {network.inner_loop.optimizer};  // nothing learns here
    // What the data and the encode forbid is said before a device is taken.
    const bool challenge = !options.challenge.runs.empty();
    std::vector<TaskKind> kinds;
    std::vector<data::OneShotRun> runs;
    if (challenge)
        runs = load_runs(options.challenge, loaded.images(), network.network, communicator);
    else
        kinds = drawn_kinds(options, deck, loaded, state.data);
    if (!options.encode.empty())
        static_cast<void>(space::make_search_space(loaded.fitted(network.network))->from_text(options.encode));
    engine::MetaNetwork net = engine::MetaNetwork::open(state, std::move(loaded), network, communicator);
    if (deck.meta.outer.average > 0) engine::load_average(state, net.supernet());
    const space::Genotype genotype = net.space().from_text(
        options.encode.empty() ? best_encode(state, net.space(), net.costs(), communicator) : options.encode);
    const std::vector<data::Task> training = training_tasks(deck, state, net.data(), communicator);

    const Stopwatch clock;
    Evaluation evaluation;
    evaluation.origin = origin_of(options, state, net.data(), deck);
    evaluation.query = deck.task.query;
    evaluation.within_group = deck.task.within_group;
    evaluation.support_copies = deck.task.support_copies;
    evaluation.query_copies = deck.task.query_copies;
    evaluation.steps = deck.meta.steps_in_evaluation();
    evaluation.statistics = deck.task.statistics;
    evaluation.encode = net.space().to_text(genotype);
    if (!challenge) evaluation.class_names = names_of(net.data().record(), role_of(options));
    const Candidate candidate{net, genotype, training};
    if (challenge) {
        evaluation.origin.runs_digest = data::digest_of(runs).text();
        evaluation.results.push_back(on_runs(candidate, deck, runs, communicator));
    }
    for (const TaskKind kind : kinds)
        evaluation.results.push_back(on_drawn_tasks(candidate, with_kind(deck, kind), options, communicator));
    const std::size_t tasks = evaluation.results.size() * evaluation.results.front().task_accuracy.size();
    evaluation.tasks_per_second = static_cast<double>(tasks) / clock.seconds();
    return evaluation;
}

}  // namespace atnas::app
