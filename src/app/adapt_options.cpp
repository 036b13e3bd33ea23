// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/adapt_options.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/deck/engine_options.hpp"
#include "atnas/core/log.hpp"

namespace atnas::app {

bool is_of_the_search(const Assignment& key) {
    return key.name.starts_with("evo.") || key.name.starts_with("migration.");
}

void expect_head(const Deck& deck, const std::string& data, int classes) {
    if (deck.space.head != space::Head::linear || deck.task.way == classes) return;
    throw Error(ExitCode::bad_deck, {fmt::format("{} has {} classes, with space.head = linear", data, classes),
                                     fmt::format("the linear head has as many outputs as task.way = {}", deck.task.way),
                                     "choose a checkpoint of that way, or of another head"});
}

engine::EncodeSearchOptions search_options(const AdaptOptions& options, std::uint64_t seed) {
    DeckSources sources;
    std::ranges::copy_if(options.overrides, std::back_inserter(sources.overrides), is_of_the_search);
    if (std::ranges::find(sources.overrides, "evo.islands", &Assignment::name) == sources.overrides.end())
        sources.overrides.push_back({"evo.islands", "1", "adapt"});
    Deck deck = make_deck(sources);
    deck.evo.evolution.kind = options.search;
    deck.run.seed = seed;
    return {deck.evo.evolution, deck.evo.islands, migration_options(deck), seed};
}

Deck adapted_deck(const AdaptOptions& options, const io::CheckpointState& state) {
    std::vector<Assignment> overrides;
    std::ranges::remove_copy_if(options.overrides, std::back_inserter(overrides), is_of_the_search);
    // What the search over tasks was for does not count here.
    overrides.push_back({"evo.objectives", "fitness", "adapt"});
    overrides.push_back({"evo.max_latency", "0", "adapt"});
    Deck deck = stored_deck(state, overrides);
    if (!meta::is_transductive(deck.task.statistics)) return deck;
    world_log().info(
        "task.statistics = {} lets images that are asked for normalise each other; adapted networks judge each image "
        "alone, by the statistics of the labelled ones",
        meta::name_of(deck.task.statistics));
    deck.task.statistics = meta::Statistics::support;
    return deck;
}

engine::NovelTaskOptions novel_task_options(const AdaptOptions& options, const Deck& deck,
                                            const space::ImageShape& shape) {
    engine::NovelTaskOptions task;
    task.folds.changes = data::changes_or_mild(deck.data.augment, shape);
    task.folds.support_copies = {deck.task.support_copies, deck.data.augment};
    task.search = search_options(options, deck.run.seed);
    task.budget = options.budget;
    if (task.budget.evaluations == 0 && task.budget.seconds == 0) task.budget.evaluations = usual_evaluations;
    task.caution = options.search == evo::Kind::islands ? options.caution : engine::Caution::none;
    task.wanted = static_cast<std::size_t>(options.ensemble);
    return task;
}

}  // namespace atnas::app
