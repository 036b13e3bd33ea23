// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/task_learner.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "atnas/app/deck/engine_options.hpp"
#include "atnas/app/judged_network.hpp"
#include "atnas/engine/stored_weights.hpp"

namespace atnas::app {
namespace {

engine::MetaNetworkOptions learner_options(const Deck& deck) {
    engine::MetaNetworkOptions options = network_options(deck);
    options.inner_loop = {options.inner_loop.optimizer};  // nothing is learned over tasks here
    return options;
}

}  // namespace

TaskLearner::TaskLearner(const io::CheckpointState& state, engine::TaskSource data, const Deck& deck,
                         const comm::Communicator& communicator)
    : net_(engine::MetaNetwork::open(state, std::move(data), learner_options(deck), communicator)),
      training_(training_tasks(deck, state, net_.data(), communicator)),
      evaluator_(net_.plans(), {judged_adaptation(deck), deck.task.statistics, training_}),
      searcher_(net_.plans(), {judged_adaptation(deck), deck.task.statistics,
                               std::span(training_).first(std::min<std::size_t>(1, training_.size()))}),
      elite_(elite_of(state, net_.space(), net_.costs(), communicator)) {
    // It says why there is none.
    if (elite_.empty()) static_cast<void>(best_encode(state, net_.space(), net_.costs(), communicator));
    if (deck.meta.outer.average > 0) engine::load_average(state, net_.supernet());
}

}  // namespace atnas::app
