// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// An architecture for a task that nobody has seen before, from its few labelled images alone.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/data/task.hpp"
#include "atnas/data/task_folds.hpp"
#include "atnas/engine/encode_search.hpp"
#include "atnas/engine/fold_fitness.hpp"
#include "atnas/engine/meta_network.hpp"
#include "atnas/engine/search_journal.hpp"
#include "atnas/engine/task_search.hpp"
#include "atnas/engine/work_sharing.hpp"
#include "atnas/meta/task_evaluator.hpp"
#include "atnas/space/genotype.hpp"

namespace atnas::engine {

struct NovelTask {
    data::LabelledImages images;  ///< to learn from, without copies
    int way{0};
    std::uint32_t number{0};  ///< among tasks of one seed
};

/// Whether what the search found must prove to be better than what it began with. bayes: the first encode has as much
/// prior probability as all others together, which share the rest equally; the likelihood of an encode is that of the
/// labels of the task's images, by its mean loss on folds. Among fifty encodes that takes e^4 times the likelihood.
/// none: the best on the folds, by whatever luck.
enum class Caution { none, bayes };

struct NovelTaskOptions {
    data::FoldOptions folds{};
    Caution caution{Caution::bayes};
    EncodeSearchOptions search{};  ///< Kind::fixed: there is none
    SearchBudget budget{};
    std::size_t wanted{1};  ///< encodes
};

struct JudgedOnFolds {
    space::Genotype genotype;
    FoldResult result;
};

struct NovelTaskResult {
    JudgedOnFolds first;              ///< the first of the elite: what weights alone would use
    JudgedOnFolds found;              ///< the best on the folds that the search saw
    std::vector<JudgedOnFolds> best;  ///< chosen ones, best first; fewer than wanted where the search saw fewer
    std::size_t folds{0};
    std::size_t evaluations{0};  ///< encodes that the search judged
    int generations{0};
    double seconds{0};
    SearchEnd end{SearchEnd::budget};
};

/// How far a search is, after a generation.
struct SearchProgress {
    std::size_t evaluations;  ///< encodes judged
    double seconds;           ///< since it began, by this rank's clock
    double fitness;           ///< of the best of them; evo::worst_fitness where none had a finite loss
};

/// Caution::bayes over what a search of so many \p images found: puts the first encode among the best where its prior
/// probability places it, and keeps \p wanted of them.
void prefer_first(NovelTaskResult& result, int images, std::size_t wanted);

/// Everything that outlives the call.
struct NovelTaskPlace {
    MetaNetwork& net;
    meta::TaskEvaluator& evaluator;  ///< over the plans of the network
    WorkSharing& sharing;
    const comm::Communicator& communicator;
    const std::vector<space::Genotype>& elite;  ///< best first, canonical; one at least
    SearchJournal* journal{nullptr};            ///< that another call may go on with; null = none
    /// Judges what is found once more, as the network will be used: with more training tasks in its running statistics
    /// than a search can afford. Null = evaluator.
    meta::TaskEvaluator* final{nullptr};
    /// Told on every rank between generations.
    std::function<void(const SearchProgress& progress)> progress{};
};

/// Judges encodes on folds of the task and searches from the elite for better ones. A function of its arguments and of
/// the seed of options.search, but where the budget is a time. \p stop as search_within() takes it. Collective.
NovelTaskResult adapt_encode(const NovelTaskPlace& place, const NovelTask& task, const NovelTaskOptions& options,
                             const std::function<bool()>& stop);

}  // namespace atnas::engine
