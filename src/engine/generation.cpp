// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/generation.hpp"

#include <numeric>
#include <utility>

#include "atnas/engine/work_list.hpp"
#include "atnas/nn/averaged_values.hpp"

namespace atnas::engine {

Generation::Generation(const Place& place, data::EpisodeSampler episodes, std::vector<data::Task> training,
                       const GenerationOptions& options)
    : place_(place),
      episodes_(std::move(episodes)),
      training_(std::move(training)),
      options_(options),
      tasks_(static_cast<std::size_t>(options.tasks)),
      round_ends_(round_ends(options.tasks, options.rounds)) {}

meta::TaskShape Generation::shape() const {
    return meta::shape_of(episodes_.options(), options_.statistics);
}

void Generation::draw_tasks(int number) {
    for (std::size_t t = 0; t < tasks_.size(); ++t)
        episodes_.sample({.seed = options_.seed,
                          .purpose = Purpose::fitness_episode,
                          .iteration = static_cast<std::uint32_t>(number),
                          .item = static_cast<std::uint32_t>(t)},
                         tasks_[t]);
}

void Generation::take_in(std::span<const Island> islands) {
    distinct_ = distinct_genotypes(islands, place_.net.space());
    former_.assign(distinct_.genotypes.size(), {});
    for (std::size_t i = 0; i < islands.size(); ++i) {
        const evo::Population& members = islands[i].population();
        for (std::size_t m = 0; m < members.size(); ++m)
            // Whoever stands for a genotype was judged as all others of it.
            if (has_accuracy(members[m]))
                former_[distinct_.of_member[i][m]] = {members[m].fitness, members[m].fitness_error, members[m].tasks};
    }
}

void Generation::begin(std::span<const Island> islands, int number) {
    const PhaseScope scope(place_.times, Phase::evaluation);
    draw_tasks(number);
    take_in(islands);
    round_ = 0;
    racers_.clear();
    rounds_.clear();
    for (const Island& island : islands) {
        std::vector<std::size_t>& members = racers_.emplace_back(island.population().size());
        std::iota(members.begin(), members.end(), std::size_t{0});
        rounds_.emplace_back(island.population().size(), 0);
    }
    racing_ = genotypes_of({islands, distinct_.of_member}, racers_);
    accuracies_.assign(distinct_.genotypes.size(), {});
    genotypes_.clear();
    for (const DistinctGenotype& each : distinct_.genotypes) genotypes_.push_back(each.genotype);
    // The weights stay as they are until the end of the generation.
    evaluator_.emplace(place_.net.plans(), tasks_,
                       meta::TaskEvaluatorOptions{options_.adaptation, options_.statistics, training_});
}

std::pair<std::size_t, std::size_t> Generation::round_tasks() const {
    return {round_ == 0 ? 0 : round_ends_[round_ - 1], round_ends_[round_]};
}

bool Generation::evaluate(const std::function<bool()>& interrupted) {
    ATNAS_EXPECT(round_ < round_ends_.size());
    const PhaseScope scope(place_.times, Phase::evaluation);
    const auto [begin, end] = round_tasks();
    const std::size_t tasks = end - begin;
    round_accuracies_.assign(genotypes_.size() * tasks_.size(), 0.0);
    WorkList work =
        place_.sharing.begin(evaluation_items(distinct_, racing_, static_cast<int>(tasks), place_.communicator.size()));
    bool stopped = false;
    const auto next = [&, first = begin]() -> std::optional<std::size_t> {
        const auto item = work.take();
        stopped = item && interrupted();
        if (!item || stopped) return std::nullopt;
        return racing_[*item / tasks] * tasks_.size() + first + *item % tasks;
    };
    const nn::AveragedValues averaged(place_.net.supernet().weights());
    evaluator_->evaluate(genotypes_, next, round_accuracies_);
    place_.sharing.end(work);
    return !stopped;
}

bool Generation::next_round(std::span<const Island> islands, const evo::Selection& selection) {
    {
        const PhaseScope scope(place_.times, Phase::reduction);
        place_.communicator.sum(round_accuracies_);
    }
    const auto [begin, end] = round_tasks();
    for (const std::size_t genotype : racing_) {
        const auto row = round_accuracies_.begin() + static_cast<std::ptrdiff_t>(genotype * tasks_.size());
        accuracies_[genotype].insert(accuracies_[genotype].end(), row + static_cast<std::ptrdiff_t>(begin),
                                     row + static_cast<std::ptrdiff_t>(end));
    }
    if (++round_ == round_ends_.size()) return false;
    const Starters starters{islands, distinct_.of_member, options_.guard};
    racers_ = going_on(starters, racers_, evidence(), selection);
    for (std::size_t i = 0; i < racers_.size(); ++i)
        for (const std::size_t m : racers_[i]) ++rounds_[i][m];
    racing_ = genotypes_of(starters, racers_);
    return !racing_.empty();
}

std::vector<Evidence> Generation::evidence() const {
    std::vector<Evidence> evidence = evidence_of(accuracies_);
    remember(evidence, former_, options_.memory);
    return evidence;
}

int Generation::judge(std::span<Island> islands, const evo::Selection& selection) {
    ATNAS_EXPECT(distinct_.of_member.size() == islands.size());
    ATNAS_EXPECT(round_ == round_ends_.size() || racing_.empty());
    evaluator_.reset();
    const std::vector<Evidence> judged = evidence();
    int broken = 0;
    for (std::size_t i = 0; i < islands.size(); ++i) {
        std::vector<Evidence> values;
        for (const std::size_t genotype : distinct_.of_member[i]) values.push_back(judged[genotype]);
        broken += islands[i].judge({values, rounds_[i]}, selection);
    }
    return broken;
}

EvaluationFigures Generation::evaluations() const noexcept {
    EvaluationFigures figures;
    for (const std::vector<double>& row : accuracies_) figures.made += static_cast<std::int64_t>(row.size());
    figures.saved = static_cast<std::int64_t>(accuracies_.size() * tasks_.size()) - figures.made;
    return figures;
}

}  // namespace atnas::engine
