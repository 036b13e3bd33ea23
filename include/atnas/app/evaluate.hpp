// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What `atnas evaluate` does between its options and what it says.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "atnas/app/challenge_runs.hpp"
#include "atnas/app/deck/deck.hpp"
#include "atnas/app/deck/deck_text.hpp"
#include "atnas/app/report/confusion_report.hpp"
#include "atnas/app/report/evaluation.hpp"
#include "atnas/app/report/task_kind.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/core/error.hpp"
#include "atnas/data/split.hpp"
#include "atnas/io/destination.hpp"

namespace atnas::app {

/// Whether `evaluate` may judge by classes that the search has used.
enum class SeenClasses { refuse, allow };

/// What is not given comes from the deck in the checkpoint.
struct EvaluateOptions {
    std::filesystem::path checkpoint;
    int tasks{1000};                                    ///< of each kind
    std::vector<TaskKind> kinds;                        ///< empty = the deck's way and shot
    std::string encode;                                 ///< empty = the best of the checkpoint
    std::optional<data::Role> split{data::Role::test};  ///< which classes; none = all
    SeenClasses seen_classes{SeenClasses::refuse};
    ChallengeOptions challenge{};  ///< its runs instead of tasks drawn from classes
    Confusions confusions{Confusions::none};
    /// Options that were given and say something of tasks that are drawn.
    std::vector<std::string> of_drawn_tasks;
    std::filesystem::path output;  ///< HDF5 with the value of every task; empty = none
    std::filesystem::path json;    ///< empty = none
    /// Deck keys, by their names or short ones (--way), that override the checkpoint's.
    std::vector<Assignment> overrides;
};

/// Files that an evaluation writes.
std::vector<io::Destination> outputs_of(const EvaluateOptions& options);

/// What is wrong with the outputs once the checkpoint has named the data set. One process.
std::vector<Problem> output_problems(const EvaluateOptions& options, const engine::DataOptions& data);

/// Reads the checkpoint and judges the encode. Throws Error on every rank: options that do not fit the checkpoint, bad
/// files, output_problems(). Collective.
Evaluation evaluate(const EvaluateOptions& options, const comm::Communicator& communicator);

}  // namespace atnas::app
