// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/judged_network.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/deck/engine_options.hpp"
#include "atnas/app/report/generation_report.hpp"
#include "atnas/core/error.hpp"
#include "atnas/engine/elite_encodes.hpp"

namespace atnas::app {

std::string best_encode(const io::CheckpointState& state, const space::SearchSpace& space,
                        const space::CostModel& costs, const comm::Communicator& communicator) {
    std::string text;
    on_root(communicator, [&] {
        const auto best = best_of_newest_generation(state.history, costs);
        if (!best)
            throw Error(ExitCode::bad_data,
                        {state.path.string() + " names no best encode", "it was written before the first generation",
                         "give --encode=..., or search for evo.generation_every iterations at least"});
        text = space.to_text(best->genotype);
    });
    return communicator.broadcast(text, 0);
}

std::vector<space::Genotype> elite_of(const io::CheckpointState& state, const space::SearchSpace& space,
                                      const space::CostModel& costs, const comm::Communicator& communicator) {
    // Rank 0 holds the history.
    const bool has_best = communicator.any(communicator.is_root() && !state.history.empty() &&
                                           space.is_legal(state.history.back().best_genotype));
    const space::Genotype best =
        has_best ? space.from_text(best_encode(state, space, costs, communicator)) : space::Genotype{};
    return engine::elite_encodes(state, space, objectives(stored_deck(state, {})), best);
}

engine::TaskSource learned_data(const Deck& deck, const io::CheckpointState& state,
                                const comm::Communicator& communicator) {
    const bool averaged = deck.task.statistics == meta::Statistics::running;
    const bool known = state.data.images.has_value();
    const bool learned = !deck.data.built_in() && deck.data.source == state.data.source;
    if (learned && known && !averaged) return engine::TaskSource(state.data);
    on_root(communicator, [&] {
        if (!learned || std::filesystem::exists(deck.data.source)) return;
        throw Error(ExitCode::bad_data,
                    {deck.data.source + ", which the meta-network learned from, is not there",
                     averaged ? "running statistics are averages over its training tasks"
                              : "the checkpoint, of an older program, does not say how large its images are",
                     averaged ? "put it back, name it by --data.source=..., or add --statistics=support"
                              : "put it back, or name it by --data.source=..."});
    });
    return {deck.data, communicator};
}

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
    const space::ImageShape its = before.images().shape;
    const space::ImageShape judged = now.images().shape;
    if (its != judged)
        throw Error(
            ExitCode::bad_data,
            {fmt::format("{} has images of {}", now.record().source, text_of(judged)),
             fmt::format("running statistics are averages over training tasks, whose images are of {}", text_of(its)),
             "bring the images to that size by `atnas import --size`, or add --statistics=support"});
    return before.to_average(trained.task, trained.run.seed);
}

}  // namespace atnas::app
