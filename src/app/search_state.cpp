// SPDX-License-Identifier: Apache-2.0
// The search as a checkpoint and back.

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/deck/deck_text.hpp"
#include "atnas/app/deck/engine_options.hpp"
#include "atnas/app/search.hpp"
#include "atnas/app/stored_run.hpp"
#include "atnas/core/log.hpp"
#include "atnas/engine/stored_weights.hpp"

namespace atnas::app {
namespace {

/// The data of the deck. Throws Error(bad_deck) where its classes cannot give the tasks. Collective.
engine::TaskSource task_source(const Deck& deck, const comm::Communicator& communicator) {
    engine::TaskSource source(deck.data, communicator);
    static_cast<void>(source.training(deck.task));
    static_cast<void>(source.held_out(deck.task, data::Role::validation));
    return source;
}

/// While pretraining lasts, its head has an output for each class that it tells apart.
std::optional<Problem> pretraining_problem(const Deck& deck, const engine::TaskSource& data,
                                           const io::CheckpointState& stored) {
    const int outputs = engine::pretrain_classes(stored);
    const int classes = data.pretrain_classes();
    if (stored.counters.at("iteration") >= deck.meta.pretraining.iterations || classes == outputs) return {};
    return Problem{fmt::format("there are {} classes to pretrain on, the checkpoint has {}", classes, outputs),
                   "pretraining tells apart the training classes and their turns (data.rotations)",
                   fmt::format("change data.rotations after meta.pretrain_iterations = {}, or start a new search",
                               deck.meta.pretraining.iterations)};
}

/// Throws Error(restart_refused) with all that forbids to go on with this deck and these data, Error(bad_data).
void expect_continues(const Deck& deck, const engine::TaskSource& data, const io::CheckpointState& stored) {
    std::vector<Problem> problems = restart_problems(deck, stored.deck);
    std::ranges::move(engine::data_problems(data.record(), stored.data), std::back_inserter(problems));
    // Other data have other classes anyhow.
    if (problems.empty())
        if (auto problem = pretraining_problem(deck, data, stored)) problems.push_back(std::move(*problem));
    if (!problems.empty()) throw Error(ExitCode::restart_refused, problems);
    if (stored.populations.size() != static_cast<std::size_t>(deck.evo.islands))
        throw Error(ExitCode::bad_data,
                    {fmt::format("{}: /islands is damaged", stored.path.string()),
                     fmt::format("it holds {} islands, its deck says {}", stored.populations.size(), deck.evo.islands),
                     "use another copy of it, or an older one"});
}

}  // namespace

engine::MetaNetwork Search::meta_network(const Deck& deck, const std::optional<io::CheckpointState>& stored,
                                         const comm::Communicator& communicator) {
    engine::TaskSource source = task_source(deck, communicator);
    if (!stored) return engine::MetaNetwork::found(std::move(source), network_options(deck), communicator);
    expect_continues(deck, source, *stored);
    return engine::MetaNetwork::open(*stored, std::move(source), network_options(deck), communicator);
}

io::CheckpointState Search::state() {
    io::CheckpointState state;
    state.deck_text = effective_text(deck_);
    state.deck = deck_pairs(deck_);
    state.provenance = provenance_;
    state.data = net_.data().record();
    state.reproducibility = reproducibility_;
    state.counters = {
        {"iteration", iteration_}, {"generation", generation_number_}, {"generation_due", generation_due_ ? 1 : 0},
        {"tasks", task_count_},    {"skipped_steps", skipped_steps_},  {"skipped_in_a_row", skipped_in_a_row_}};
    state.manifest = engine::block_records(net_.supernet().manifest());
    state.weights = nn::download(net_.backend(), net_.supernet().context(), net_.supernet().weights().values());
    for (const auto& [name, moment] : training_.optimizer().moments())
        state.optimizer[name] = nn::download(net_.backend(), net_.supernet().context(), *moment);
    state.block_steps = training_.optimizer().block_steps();
    state.path_counts = training_.path_counts().total(communicator_);
    for (const engine::Island& island : islands_) state.populations.push_back(island.population());
    if (fitness_model_) state.archive = fitness_model_->record();
    state.history = history_;
    state.fronts = fronts_;
    state.migrations = migrations_;
    state.iteration_loss = losses_;
    state.genealogy = genealogy_.records();
    return state;
}

void Search::restore_counts(const io::CheckpointState& state) {
    engine::PathCounts& counts = training_.path_counts();
    const std::size_t wanted = static_cast<std::size_t>(net_.space().gene_count()) * counts.values();
    if (state.path_counts.size() != wanted)
        throw Error(ExitCode::bad_data, {fmt::format("{}: /training/counts is damaged", state.path.string()),
                                         fmt::format("it has {} elements, the space of its deck has {} choices",
                                                     state.path_counts.size(), wanted),
                                         "use another copy of it, or an older one"});
    // Of all ranks together.
    if (communicator_.is_root()) counts.begin_with(state.path_counts);
}

void Search::restore(const io::CheckpointState& state) {
    reproducibility_.lose(reproducibility_after(state, deck_));
    for (auto& [name, moment] : training_.optimizer().moments()) {
        const auto stored = state.optimizer.find(name);
        if (stored == state.optimizer.end())
            throw Error(ExitCode::restart_refused,
                        {fmt::format("{} has no optimizer state '{}'", state.path.string(), name),
                         "it was made with other keys", "keep meta.optimizer and meta.average"});
        nn::upload(net_.backend(), net_.supernet().context(), stored->second, *moment);
    }
    training_.optimizer().block_steps() = state.block_steps;
    restore_counts(state);
    for (evo::Population population : state.populations) {
        // Of an older program: other genes without effect would make another member of the same network.
        for (evo::Individual& member : population) member.genotype = net_.space().canonical(member.genotype);
        islands_.emplace_back(static_cast<int>(islands_.size()), std::move(population));
    }
    const auto counter = [&](const char* name) {
        const auto found = state.counters.find(name);
        if (found != state.counters.end()) return found->second;
        throw Error(ExitCode::bad_data, {state.path.string() + " has no counter '" + name + "'", "it is damaged", ""});
    };
    iteration_ = static_cast<int>(counter("iteration"));
    generation_number_ = static_cast<int>(counter("generation"));
    generation_due_ = counter("generation_due") != 0;
    task_count_ = counter("tasks");
    skipped_steps_ = counter("skipped_steps");
    skipped_in_a_row_ = static_cast<int>(counter("skipped_in_a_row"));
    if (fitness_model_) fitness_model_->go_on_from(state.archive);
    history_ = state.history;
    fronts_ = state.fronts;
    migrations_ = state.migrations;
    losses_ = state.iteration_loss;
    genealogy_.go_on_from(state.genealogy);
    last_checkpoint_ = state.path;
    world_log().info("going on from {} at iteration {}/{}", state.path.string(), iteration_, deck_.run.iterations);
}

}  // namespace atnas::app
