// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What `atnas adapt` is told, and what follows from that and from the deck in the checkpoint.

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "atnas/app/deck/deck.hpp"
#include "atnas/app/deck/deck_text.hpp"
#include "atnas/data/import_images.hpp"
#include "atnas/engine/novel_task.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::app {

enum class DryAdapt { no, yes };

/// What is not given comes from the deck in the checkpoint.
struct AdaptOptions {
    std::filesystem::path checkpoint;
    std::filesystem::path data;     ///< labelled images
    std::filesystem::path network;  ///< the adapted file to write; empty = none
    std::filesystem::path predict;  ///< images to be told apart; empty = none
    std::filesystem::path output;   ///< predictions: HDF5 where the name ends in .h5, else CSV
    std::filesystem::path json;     ///< empty = none
    data::Invert invert{data::Invert::no};
    evo::Kind search{evo::Kind::islands};             ///< random: the baseline; fixed: none
    engine::Caution caution{engine::Caution::bayes};  ///< of a search by islands; random search is what it is
    int ensemble{1};
    engine::SearchBudget budget{};  ///< no limit = usual_evaluations
    DryAdapt dry_run{DryAdapt::no};
    /// Deck keys that override the checkpoint's; those of [evo] and [migration] say how encodes of the task evolve,
    /// whatever the checkpoint was searched with.
    std::vector<Assignment> overrides;
};

/// Encodes that are judged where no budget is given: seconds for a task of five classes.
inline constexpr std::size_t usual_evaluations = 50;

/// How a task's own encodes are looked for: the defaults of [evo] and [migration], on one island, under those of
/// \p overrides that are about them. Throws Error(bad_deck).
engine::EncodeSearchOptions search_options(const AdaptOptions& options, std::uint64_t seed);

/// The deck of a checkpoint for tasks that are adapted to: overrides but those of the search. A network that is adapted
/// judges each image alone: statistics that queries would share become those of the support set, which the log says.
Deck adapted_deck(const AdaptOptions& options, const io::CheckpointState& state);
engine::NovelTaskOptions novel_task_options(const AdaptOptions& options, const Deck& deck,
                                            const space::ImageShape& shape);

/// Whether it says how encodes are looked for.
bool is_of_the_search(const Assignment& key);

/// Throws Error(bad_deck) where \p what, of so many classes, has no head: a linear one has as many outputs as it has.
void expect_head(const Deck& deck, const std::string& what, int classes);

}  // namespace atnas::app
