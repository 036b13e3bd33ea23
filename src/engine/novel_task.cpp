// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/novel_task.hpp"

#include <algorithm>
#include <cmath>
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

std::vector<space::Genotype> elite_encodes(const space::SearchSpace& space, const space::Genotype& best,
                                           const std::vector<evo::Population>& populations, std::size_t most) {
    std::vector<const evo::Individual*> members;
    for (const evo::Population& population : populations)
        for (const evo::Individual& member : population) members.push_back(&member);
    const auto fitness_of = [](const evo::Individual* member) {
        return std::isnan(member->fitness) ? evo::worst_fitness : member->fitness;
    };
    std::ranges::stable_sort(members, std::ranges::greater(), fitness_of);
    std::vector<space::Genotype> elite{space.canonical(best)};
    for (const evo::Individual* member : members) {
        space::Genotype encode = space.canonical(member->genotype);
        if (elite.size() < most && std::ranges::find(elite, encode) == elite.end()) elite.push_back(std::move(encode));
    }
    return elite;
}

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
    SearchJournal own;
    SearchJournal& journal = place.journal != nullptr ? *place.journal : own;
    const auto judge = [&](std::span<const space::Genotype> encodes) {
        const std::vector<space::Genotype> rest = journal.unknown(encodes);
        journal.add(rest, fitness.judge(rest));
        std::vector<FoldResult> results;
        for (const space::Genotype& encode : encodes) results.push_back(journal.result(encode));
        return results;
    };
    result.end = search_within(options.budget, search, judge, stop, place.communicator);
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
