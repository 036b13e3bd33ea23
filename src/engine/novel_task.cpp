// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/novel_task.hpp"

#include <algorithm>
#include <span>

#include "atnas/core/contract.hpp"
#include "atnas/core/timer.hpp"

namespace atnas::engine {
namespace {

std::vector<JudgedOnFolds> judged(FoldFitness& fitness, std::span<const space::Genotype> encodes) {
    const std::vector<FoldResult> results = fitness.judge(encodes);
    std::vector<JudgedOnFolds> judged;
    for (std::size_t i = 0; i < encodes.size(); ++i) judged.push_back({encodes[i], results[i]});
    return judged;
}

}  // namespace

NovelTaskResult adapt_encode(const NovelTaskPlace& place, const NovelTask& task, const NovelTaskOptions& options,
                             const std::function<bool()>& stop) {
    ATNAS_EXPECT(!place.elite.empty() && options.wanted > 0);
    const Stopwatch clock;
    const std::uint64_t seed = options.search.seed;
    const std::vector<data::Task> folds = data::task_folds(place.net.data().images().shape, task.images, task.way,
                                                           options.folds, {.seed = seed, .item = task.number});
    FoldFitness fitness({place.evaluator, place.net.costs(), place.sharing, place.communicator}, folds);
    NovelTaskResult result;
    result.folds = folds.size();
    if (options.search.evolution.kind == evo::Kind::fixed) {
        result.best = judged(fitness, std::span(place.elite).first(std::min(options.wanted, place.elite.size())));
        result.first = result.best.front();
        result.seconds = clock.seconds();
        return result;
    }
    EncodeSearchOptions search_options = options.search;
    // Tasks of one seed do not share their luck.
    search_options.seed = search_options.migration.seed = seed + task.number;
    EncodeSearch search({place.net.space(), place.net.costs(), place.communicator}, search_options, place.elite);
    result.end = search_within(options.budget, search, fitness, stop, place.communicator);
    result.evaluations = search.evaluations();
    result.generations = search.generations();
    std::vector<space::Genotype> chosen{place.elite.front()};
    for (const JudgedEncode& best : search.best(options.wanted)) chosen.push_back(best.genotype);
    result.best = judged(fitness, chosen);
    result.first = result.best.front();
    result.best.erase(result.best.begin());
    result.seconds = clock.seconds();
    return result;
}

}  // namespace atnas::engine
