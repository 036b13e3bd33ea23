// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/task_search.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "support/novel_task.hpp"

namespace atnas::engine {
namespace {

const auto never = [] { return false; };

TEST(TaskSearch, JudgesAsManyEncodesAsTheBudgetHasRoomFor) {
    NovelTaskFixture task;
    FoldFitness fitness = task.fitness();
    EncodeSearch search = task.search();
    EXPECT_EQ(search_within({.evaluations = 11}, search, judged_by(fitness), never, task.engine.communicator),
              SearchEnd::budget);
    EXPECT_LE(search.evaluations(), 11u);
    EXPECT_GE(search.evaluations(), 9u) << "generations of four, then two";
    const JudgedEncode best = search.best(1).front();
    EXPECT_EQ(best.fitness, fitness.judge(std::span(&best.genotype, 1)).front().fitness());
    for (const JudgedEncode& other : search.best(11)) EXPECT_GE(best.fitness, other.fitness);
}

TEST(TaskSearch, OneGenerationIsJudgedWhateverTheBudget) {
    NovelTaskFixture task;
    FoldFitness fitness = task.fitness();
    EncodeSearch few = task.search();
    EXPECT_EQ(search_within({.evaluations = 1}, few, judged_by(fitness), never, task.engine.communicator),
              SearchEnd::budget);
    EXPECT_EQ(few.generations(), 1);
    EncodeSearch hasty = task.search();
    EXPECT_EQ(search_within({.seconds = 1e-9}, hasty, judged_by(fitness), never, task.engine.communicator),
              SearchEnd::budget);
    EXPECT_EQ(hasty.generations(), 1);
}

TEST(TaskSearch, EndsWhereThereIsNothingNew) {
    NovelTaskFixture task;
    FoldFitness fitness = task.fitness();
    EncodeSearch fixed = task.search(1, evo::Kind::fixed);
    EXPECT_EQ(search_within({.evaluations = 50}, fixed, judged_by(fitness), never, task.engine.communicator),
              SearchEnd::exhausted);
    EXPECT_EQ(fixed.evaluations(), 1u);
}

TEST(TaskSearch, StopsBetweenGenerations) {
    NovelTaskFixture task;
    FoldFitness fitness = task.fitness();
    EncodeSearch search = task.search();
    int asked = 0;
    const auto stop = [&] { return ++asked == 3; };
    EXPECT_EQ(search_within({.evaluations = 50}, search, judged_by(fitness), stop, task.engine.communicator),
              SearchEnd::stopped);
    EXPECT_EQ(search.generations(), 2);
}

}  // namespace
}  // namespace atnas::engine
