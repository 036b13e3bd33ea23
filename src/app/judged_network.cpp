// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/judged_network.hpp"

#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/report/generation_report.hpp"
#include "atnas/core/error.hpp"

namespace atnas::app {

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

}  // namespace atnas::app
