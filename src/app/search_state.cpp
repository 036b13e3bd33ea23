// SPDX-License-Identifier: Apache-2.0
// The search as a checkpoint and back.

#include <fmt/format.h>

#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/deck/deck_text.hpp"
#include "atnas/app/gather_populations.hpp"
#include "atnas/app/search.hpp"
#include "atnas/core/log.hpp"
#include "atnas/engine/stored_encodes.hpp"
#include "atnas/engine/stored_weights.hpp"
#include "atnas/io/tuning_file.hpp"

namespace atnas::app {

io::CheckpointState Search::state() {
    io::CheckpointState state;
    state.deck_text = effective_text(deck_);
    state.deck = deck_pairs(deck_);
    state.provenance = provenance_;
    state.data = net_.data().record();
    state.reproducible = reproducible_;
    state.counters = {
        {"iteration", iteration_}, {"generation", generation_},       {"generation_due", generation_due_ ? 1 : 0},
        {"tasks", task_count_},    {"skipped_steps", skipped_steps_}, {"skipped_in_a_row", skipped_in_a_row_}};
    state.manifest = engine::block_records(net_.supernet().manifest());
    state.weights = nn::download(net_.backend(), net_.supernet().context(), net_.supernet().weights().values());
    for (const auto& [name, moment] : optimizer_->moments())
        state.optimizer[name] = nn::download(net_.backend(), net_.supernet().context(), *moment);
    state.block_steps = optimizer_->block_steps();
    state.populations = gather_populations(islands_, communicator_);
    state.history = history_;
    state.migrations = migrations_;
    state.iteration_loss = losses_;
    return state;
}

void Search::restore(const std::filesystem::path& checkpoint) {
    const io::CheckpointState state = io::read_checkpoint(checkpoint, communicator_);
    std::vector<Problem> problems = restart_problems(deck_, state.deck);
    const std::vector<Problem> other_data = engine::data_problems(net_.data().record(), state.data);
    problems.insert(problems.end(), other_data.begin(), other_data.end());
    if (!problems.empty()) throw Error(ExitCode::restart_refused, problems);
    if (state.populations.size() != static_cast<std::size_t>(deck_.evo.islands))
        throw Error(ExitCode::bad_data,
                    {fmt::format("{}: /islands is damaged", checkpoint.string()),
                     fmt::format("it holds {} islands, its deck says {}", state.populations.size(), deck_.evo.islands),
                     "use another copy of it, or an older one"});
    net_.load(state, checkpoint, ExitCode::restart_refused);
    for (const std::string& change : changed_keys(deck_, state.deck)) {
        world_log().warn("the deck differs from that of the checkpoint and overrides it: {}", change);
        reproducible_ = io::Reproducible::no;
    }
    for (auto& [name, moment] : optimizer_->moments()) {
        const auto stored = state.optimizer.find(name);
        if (stored == state.optimizer.end())
            throw Error(ExitCode::restart_refused,
                        {fmt::format("{} has no optimizer state '{}'", checkpoint.string(), name),
                         "it was made with another optimizer", "keep meta.optimizer"});
        nn::upload(net_.backend(), net_.supernet().context(), stored->second, *moment);
    }
    optimizer_->block_steps() = state.block_steps;
    for (Island& island : islands_) island.population() = state.populations[static_cast<std::size_t>(island.number())];
    const auto counter = [&](const char* name) {
        const auto found = state.counters.find(name);
        if (found != state.counters.end()) return found->second;
        throw Error(ExitCode::bad_data, {checkpoint.string() + " has no counter '" + name + "'", "it is damaged", ""});
    };
    iteration_ = static_cast<int>(counter("iteration"));
    generation_ = static_cast<int>(counter("generation"));
    generation_due_ = counter("generation_due") != 0;
    task_count_ = counter("tasks");
    skipped_steps_ = counter("skipped_steps");
    skipped_in_a_row_ = static_cast<int>(counter("skipped_in_a_row"));
    history_ = state.history;
    migrations_ = state.migrations;
    losses_ = state.iteration_loss;
    if (state.reproducible == io::Reproducible::no) reproducible_ = io::Reproducible::no;
    last_checkpoint_ = checkpoint;
    world_log().info("going on from {} at iteration {}/{}", checkpoint.string(), iteration_, deck_.run.iterations);
}

}  // namespace atnas::app
