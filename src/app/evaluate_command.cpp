#include <cmath>
#include <iostream>
#include <numeric>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/commands.hpp"
#include "atnas/app/deck_reader.hpp"
#include "atnas/app/evaluation_file.hpp"
#include "atnas/app/task_source.hpp"
#include "atnas/backend/backend.hpp"
#include "atnas/core/log.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/io/metrics.hpp"
#include "atnas/meta/episode_evaluator.hpp"
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
    Deck deck = make_deck(sources);
    if (options.way) deck.task.way = *options.way;
    if (options.shot) deck.task.shot = *options.shot;
    if (options.query) deck.task.query = *options.query;
    if (options.steps) deck.meta.eval_steps = *options.steps;
    if (options.transductive) deck.task.transductive = *options.transductive;
    if (!options.data.empty()) deck.data.source = options.data.string();
    if (options.seed) deck.run.seed = *options.seed;
    return deck;
}

/// The fittest member of all islands.
space::Genotype best_genotype(const io::CheckpointState& state) {
    std::vector<io::IndividualRecord> best;
    for (const auto& population : state.populations)
        if (const io::IndividualRecord* member = io::best_of(population)) best.push_back(*member);
    if (best.empty())
        throw Error(ExitCode::bad_data, {"the checkpoint has no individuals", "nothing can be evaluated", ""});
    return io::best_of(best)->genotype;
}

void load_weights(const io::CheckpointState& state, supernet::Supernet& supernet) {
    if (state.weights.size() != supernet.weights().size())
        throw Error(ExitCode::bad_data,
                    {fmt::format("the checkpoint holds {} weights, its deck describes {}", state.weights.size(),
                                 supernet.weights().size()),
                     "the data set or the network is not the one it was trained with", "give the right --data"});
    nn::upload(supernet.backend(), supernet.context(), state.weights, supernet.weights().values());
}

struct TaskValues {
    std::vector<double> accuracy, loss;
};

/// Task t on rank t % ranks; every rank gets all values in task order.
TaskValues run_tasks(supernet::Supernet& supernet, const space::Genotype& genotype,
                     const data::EpisodeSampler& episodes, const Deck& deck, int tasks,
                     const comm::Communicator& communicator) {
    const data::EpisodeOptions& task = episodes.options();
    const nn::TaskShape shape{task.way, task.shot, task.query, deck.task.transductive};
    const meta::InnerLoop loop{deck.meta.steps_in_evaluation(), static_cast<float>(deck.meta.inner_rate)};
    std::vector<double> mine;
    data::Episode episode;
    for (int t = communicator.rank(); t < tasks; t += communicator.size()) {
        episodes.sample(
            {.seed = deck.run.seed, .purpose = Purpose::test_episode, .item = static_cast<std::uint32_t>(t)}, episode);
        const nn::PassResult result = meta::evaluate_episode(supernet, genotype, episode, shape, loop);
        mine.insert(mine.end(), {static_cast<double>(t), result.accuracy, result.loss});
    }
    const std::vector<double> all = communicator.all_gather(mine);
    TaskValues values{std::vector<double>(static_cast<std::size_t>(tasks)),
                      std::vector<double>(static_cast<std::size_t>(tasks))};
    for (std::size_t i = 0; i < all.size(); i += 3) {
        values.accuracy[static_cast<std::size_t>(all[i])] = all[i + 1];
        values.loss[static_cast<std::size_t>(all[i])] = all[i + 2];
    }
    return values;
}

}  // namespace

ExitCode run_evaluate(const CommandLine& line, const comm::Communicator& communicator) {
    const auto& options = std::get<EvaluateOptions>(line.request);
    const Stopwatch clock;
    const io::CheckpointState state = io::read_checkpoint(options.checkpoint, 0, -1, communicator);
    const Deck deck = deck_of(state, options);
    backend::set_threads(deck.runtime.threads);
    const TaskSource source(deck.data, communicator);
    const data::EpisodeSampler episodes = source.held_out(deck.task, options.split);
    const space::NetworkOptions network = source.network(deck);
    const auto space = space::make_search_space(network);
    const space::Genotype genotype = options.encode.empty() ? best_genotype(state) : space->from_text(options.encode);
    const space::Cost cost = space::CostModel(network).subnet(genotype);
    const auto backend = backend::make_backend(backend::backend_from_name(deck.runtime.backend));
    supernet::Supernet supernet(*backend, network, deck.run.seed);
    load_weights(state, supernet);

    const TaskValues values = run_tasks(supernet, genotype, episodes, deck, options.tasks, communicator);
    Evaluation evaluation;
    evaluation.task_accuracy = values.accuracy;
    evaluation.task_loss = values.loss;
    evaluation.way = deck.task.way;
    evaluation.shot = deck.task.shot;
    evaluation.query = deck.task.query;
    evaluation.steps = deck.meta.steps_in_evaluation();
    evaluation.transductive = deck.task.transductive == nn::Transductive::yes;
    evaluation.encode = space->to_text(genotype);
    evaluation.parameters = cost.parameters;
    evaluation.macs = cost.macs;
    summarise(evaluation);

    on_root(communicator, [&] {
        std::cout << text_of(evaluation)
                  << fmt::format("{:.1f} tasks/s on {} rank(s)\n", options.tasks / clock.seconds(), communicator.size())
                  << std::flush;
        if (!options.output.empty()) write_evaluation(options.output, evaluation, make_provenance(line.words));
        if (!options.json.empty()) io::write_json(options.json, json_of(evaluation));
    });
    return ExitCode::done;
}

}  // namespace atnas::app
