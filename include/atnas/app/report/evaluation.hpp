// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The result of `atnas evaluate`: figures, text and JSON.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "atnas/app/report/task_kind.hpp"
#include "atnas/data/episode_sampler.hpp"
#include "atnas/data/split.hpp"
#include "atnas/engine/confusion.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/meta/statistics.hpp"

namespace atnas::app {

/// The weights as the search left them, or their moving average (meta.average).
enum class JudgedWeights { last, average };

/// What was evaluated, and on what: enough to do it again.
struct EvaluationOrigin {
    std::uint64_t seed{0};          ///< of the tasks
    std::string split;              ///< train, validation, test or all
    std::string data, data_digest;  ///< data set: as the deck names it, and its content
    int classes{0};                 ///< of that split
    int seen_classes{0};            ///< of these, how many the search used, to train or to choose encodes by
    std::string runs, runs_digest;  ///< instead of a split: the archive of a challenge, and its content
    std::string checkpoint, checkpoint_digest;  ///< path, and attribute digest
    std::int64_t iteration{0};                  ///< of the checkpoint
    JudgedWeights weights{JudgedWeights::last};
};

/// A run of a challenge.
struct RunFigures {
    std::string name;
    int way{0}, queries{0};  ///< classes; images that were to be recognised
};

/// What tasks of one kind gave.
struct EvaluationResult {
    TaskKind kind{};                    ///< of runs: that with the most classes
    std::vector<RunFigures> runs{};     ///< what the tasks are, where they are those of a challenge
    std::vector<double> task_accuracy;  ///< 0 .. 1, in task order
    std::vector<double> task_loss;      ///< mean query cross-entropy
    double accuracy{0};                 ///< mean over tasks
    double ci95{0};  ///< half width of the 95 % interval of the mean, normal approximation; NaN of a single task
    std::int64_t parameters{0}, macs{0};           ///< of the subnet with a head for so many classes
    std::optional<engine::Confusion> confusion{};  ///< where it was asked for
};

struct Evaluation {
    EvaluationOrigin origin;
    std::vector<EvaluationResult> results;  ///< at least one, each of another kind
    int query{0};
    data::WithinGroup within_group{data::WithinGroup::no};
    int support_copies{0};                                 ///< of each support image
    int query_copies{0};                                   ///< of each query image
    int steps{0};                                          ///< inner steps
    meta::Statistics statistics{meta::Statistics::query};  ///< whose normalised the queries
    std::string encode;
    std::vector<std::string> class_names{};  ///< of the split, in the order of confusions; empty for runs
    double tasks_per_second{0};              ///< on all ranks together; in no file, since it is no result
};

/// Of its classes of this role.
const std::vector<std::string>& names_of(const io::DataRecord& data, data::Role role);

/// Classes of \p role that the search behind \p stored used: by their names, of \p now. For validation tasks those it
/// chose encodes by count as well, as for test tasks.
int seen_classes(const io::DataRecord& now, data::Role role, const io::DataRecord& stored);

/// Throws Error(bad_deck) where accuracy on these classes would not be that on unseen ones: of the data set that the
/// search learned from, test classes that it used, or validation classes that it trained on.
void expect_unseen(const io::DataRecord& now, data::Role role, const io::DataRecord& stored);

/// Fills accuracy and ci95 from the tasks. \pre at least one task
void summarise(EvaluationResult& result);

/// A table where there are several kinds of tasks.
std::string text_of(const Evaluation& evaluation);
/// What is of a kind stands in an object of its name ("5x1") where there are several.
nlohmann::json json_of(const Evaluation& evaluation);

}  // namespace atnas::app
