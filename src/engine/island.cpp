// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/island.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::engine {

Island::Island(int number, evo::Population population) : number_(number), population_(std::move(population)) {}

int Island::judge(const Judgement& judgement, const evo::Selection& selection) {
    const auto& [evidence, rounds] = judgement;
    ATNAS_EXPECT(evidence.size() == population_.size());
    ATNAS_EXPECT(rounds.empty() || rounds.size() == population_.size());
    int broken = 0;
    for (std::size_t i = 0; i < evidence.size(); ++i) {
        const bool finite = std::isfinite(evidence[i].fitness);
        evo::Individual& member = population_[i];
        member.fitness = finite ? evidence[i].fitness : evo::worst_fitness;
        member.fitness_error = evidence[i].error;
        member.difference_error = 0;
        member.tasks = evidence[i].tasks;
        // A broken one stands behind everybody who has an accuracy.
        member.rounds = finite && !rounds.empty() ? rounds[i] : 0;
        broken += finite ? 0 : 1;
    }
    compare_newcomers();
    selection.rank(population_);
    return broken;
}

void Island::compare_newcomers() {
    const evo::Objectives by_fitness;
    const evo::Individual* best_elder = nullptr;
    for (const evo::Individual& member : population_)
        if (member.age > 0 && has_accuracy(member) && (!best_elder || by_fitness.better(member, *best_elder)))
            best_elder = &member;
    if (best_elder == nullptr) return;
    for (evo::Individual& member : population_)
        if (member.age == 0 && has_accuracy(member))
            member.difference_error = std::hypot(member.fitness_error, best_elder->fitness_error);
}

std::vector<Island> found_islands(const evo::Evolution& evolution, int islands, const space::Genotype& founder) {
    std::vector<Island> all;
    for (int island = 0; island < islands; ++island) all.emplace_back(island, evolution.found(island, founder));
    return all;
}

}  // namespace atnas::engine
