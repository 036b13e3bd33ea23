// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/fold_fitness.hpp"

#include <cmath>
#include <cstddef>
#include <optional>

#include "atnas/comm/island_map.hpp"
#include "atnas/core/contract.hpp"
#include "atnas/meta/episode_evaluator.hpp"

namespace atnas::engine {

double FoldResult::fitness() const noexcept {
    return std::exp(-loss);
}

FoldFitness::FoldFitness(const Place& place, std::span<const data::Task> folds) : place_(place), folds_(folds) {
    ATNAS_EXPECT(!folds.empty());
}

std::vector<WorkItem> FoldFitness::items(std::span<const space::Genotype> encodes) const {
    const int ranks = place_.communicator.size();
    std::vector<WorkItem> items;
    for (std::size_t e = 0; e < encodes.size(); ++e) {
        // A plan is worth being used again: the folds of an encode stay together.
        const comm::RankBlock home = comm::home_of(static_cast<int>(e), static_cast<int>(encodes.size()), ranks);
        const auto macs = static_cast<double>(place_.costs.subnet(encodes[e]).macs);
        for (const data::Task& fold : folds_)
            items.push_back({macs * (fold.support.count() + fold.query.count()), home});
    }
    return items;
}

std::vector<FoldResult> FoldFitness::judge(std::span<const space::Genotype> encodes) {
    if (encodes.empty()) return {};
    const std::size_t folds = folds_.size();
    // By encode and fold, losses before accuracies; zero where another rank computes them, so that their sum is exact.
    const std::size_t pairs = encodes.size() * folds;
    std::vector<double> values(2 * pairs);
    WorkList work = place_.sharing.begin(items(encodes));
    meta::judge_episodes(
        place_.evaluator, encodes, folds_, [&] { return work.take(); },
        [&](std::size_t pair, const nn::PassResult& result) {
            values[pair] = result.loss;
            values[pairs + pair] = result.accuracy;
        });
    place_.sharing.end(work);
    place_.communicator.sum(values);

    std::vector<FoldResult> results;
    for (std::size_t e = 0; e < encodes.size(); ++e) {
        FoldResult sum{0, 0};
        double queries = 0;
        for (std::size_t f = 0; f < folds; ++f) {
            const double count = folds_[f].query.count();
            sum.loss += count * values[e * folds + f];
            sum.accuracy += count * values[pairs + e * folds + f];
            queries += count;
        }
        const double loss = sum.loss / queries;
        // An infinite loss is a broken network as well.
        results.push_back({std::isfinite(loss) ? loss : std::nan(""), sum.accuracy / queries});
    }
    return results;
}

}  // namespace atnas::engine
