// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/novel_task.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>

#include "atnas/core/contract.hpp"
#include "atnas/core/digest.hpp"
#include "atnas/core/timer.hpp"

namespace atnas::engine {
namespace {

std::vector<JudgedOnFolds> judged(FoldFitness& fitness, std::span<const space::Genotype> encodes) {
    const std::vector<FoldResult> results = fitness.judge(encodes);
    std::vector<JudgedOnFolds> judged;
    for (std::size_t i = 0; i < encodes.size(); ++i) judged.push_back({encodes[i], results[i]});
    return judged;
}

/// A seed of its own for every seed and number of a task.
std::uint64_t seed_of(std::uint64_t seed, std::uint64_t number) {
    const std::array both{seed, number};
    return Digest::of(std::as_bytes(std::span(both))).value();
}

}  // namespace

void prefer_first(NovelTaskResult& result, int images, std::size_t wanted) {
    const double odds = std::log(static_cast<double>(std::max<std::size_t>(result.evaluations, 2) - 1));
    const auto is_first = [&](const JudgedOnFolds& one) { return one.genotype == result.first.genotype; };
    std::erase_if(result.best, is_first);
    // Log posterior odds against the first one; copies of an image are no images of their own.
    const auto is_better = [&](const JudgedOnFolds& one) {
        return images * (result.first.result.loss - one.result.loss) > odds || !std::isfinite(result.first.result.loss);
    };
    const auto place = std::ranges::find_if_not(result.best, is_better);
    result.best.insert(place, result.first);
    if (result.best.size() > wanted) result.best.resize(wanted);
}

NovelTaskResult adapt_encode(const NovelTaskPlace& place, const NovelTask& task, const NovelTaskOptions& options,
                             const std::function<bool()>& stop) {
    ATNAS_EXPECT(!place.elite.empty() && options.wanted > 0);
    const Stopwatch clock;
    const std::uint64_t seed = options.search.seed;
    const std::vector<data::Task> folds = data::task_folds(place.net.data().images().shape, task.images, task.way,
                                                           options.folds, {.seed = seed, .item = task.number});
    FoldFitness fitness({place.evaluator, place.net.costs(), place.sharing, place.communicator}, folds);
    FoldFitness last(
        {place.final != nullptr ? *place.final : place.evaluator, place.net.costs(), place.sharing, place.communicator},
        folds);
    NovelTaskResult result;
    result.folds = folds.size();
    if (options.search.evolution.kind == evo::Kind::fixed) {
        result.best = judged(last, std::span(place.elite).first(std::min(options.wanted, place.elite.size())));
        result.first = result.found = result.best.front();
        result.seconds = clock.seconds();
        return result;
    }
    EncodeSearchOptions search_options = options.search;
    // Tasks of one seed do not share their luck.
    search_options.seed = search_options.migration.seed = task.number == 0 ? seed : seed_of(seed, task.number);
    EncodeSearch search({place.net.space(), place.net.costs(), place.communicator}, search_options, place.elite);
    SearchJournal own;
    SearchJournal& journal = place.journal != nullptr ? *place.journal : own;
    const auto judge = [&](std::span<const space::Genotype> encodes) {
        const std::vector<space::Genotype> rest = journal.unknown(encodes);
        journal.add(rest, fitness.judge(rest));
        std::vector<FoldResult> results;
        for (const space::Genotype& encode : encodes) results.push_back(journal.result(encode));
        return results;
    };
    const Stopwatch searching;
    const auto between_generations = [&] {
        if (place.progress && search.evaluations() > 0)
            place.progress({search.evaluations(), searching.seconds(), search.best(1).front().fitness});
        return stop();
    };
    result.end = search_within(options.budget, search, judge, between_generations, place.communicator);
    result.evaluations = search.evaluations();
    result.generations = search.generations();
    if (result.end == SearchEnd::stopped) return result;
    std::vector<space::Genotype> seen{place.elite.front()};
    for (const JudgedEncode& best : search.best(options.wanted)) seen.push_back(best.genotype);
    result.best = judged(last, seen);
    result.first = result.best.front();
    result.best.erase(result.best.begin());
    // It may rank them otherwise than the evaluator of the search.
    if (place.final != nullptr)
        std::ranges::stable_sort(result.best, std::ranges::greater(), [](const JudgedOnFolds& one) {
            return std::isfinite(one.result.loss) ? one.result.fitness() : evo::worst_fitness;
        });
    if (!result.best.empty()) result.found = result.best.front();
    if (options.caution == Caution::bayes && !result.best.empty())
        prefer_first(result, task.images.count(), options.wanted);
    result.seconds = clock.seconds();
    return result;
}

}  // namespace atnas::engine
