// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/fold_fitness.hpp"

#include <gtest/gtest.h>

#include "atnas/engine/task_search.hpp"
#include "support/novel_task.hpp"

namespace atnas::engine {
namespace {

TEST(FoldFitnessMpi, IsThatOfOneRank) {
    const comm::Communicator world = comm::Communicator::world();
    NovelTaskFixture shared({}, world);
    NovelTaskFixture alone;
    const auto encodes = alone.encodes(5);
    const auto mine = alone.fitness().judge(encodes);
    const auto all = shared.fitness().judge(encodes);
    ASSERT_EQ(all.size(), mine.size());
    for (std::size_t i = 0; i < mine.size(); ++i) {
        EXPECT_EQ(all[i].loss, mine[i].loss);
        EXPECT_EQ(all[i].accuracy, mine[i].accuracy);
    }
}

TEST(FoldFitnessMpi, SoIsWhatIsFoundByIt) {
    const comm::Communicator world = comm::Communicator::world();
    NovelTaskFixture shared({}, world);
    NovelTaskFixture alone;
    const auto found = [](NovelTaskFixture& task) {
        FoldFitness fitness = task.fitness();
        EncodeSearch search = task.search();
        search_within(
            {.evaluations = 20}, search, judged_by(fitness), [] { return false; }, task.engine.communicator);
        return search.best(3);
    };
    const auto here = found(alone);
    const auto everywhere = found(shared);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(here[i].genotype, everywhere[i].genotype);
        EXPECT_EQ(here[i].fitness, everywhere[i].fitness);
    }
}

}  // namespace
}  // namespace atnas::engine
