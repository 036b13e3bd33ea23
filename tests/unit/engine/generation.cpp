// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/generation.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "atnas/meta/adaptation.hpp"
#include "support/small_engine.hpp"

namespace atnas::engine {
namespace {

TEST(Generation, FitnessIsTheMeanAccuracyOnTheTasksOfTheGeneration) {
    SmallEngine engine;
    const evo::Individual member = engine.islands[1].population()[2];
    ASSERT_TRUE(engine.generation.evaluate(engine.islands, 4, [] { return false; }));
    EXPECT_EQ(engine.generation.judge(engine.islands, *engine.selection), 0);
    double sum = 0;
    for (std::uint32_t t = 0; t < SmallEngine::fitness_tasks; ++t) {
        data::Task task;
        engine.generation.episodes().sample({.seed = 1, .purpose = Purpose::fitness_episode, .iteration = 4, .item = t},
                                            task);
        meta::TaskPlan& plan = engine.net.plans().plan(member.genotype, engine.generation.shape());
        sum += meta::Adaptation({1, 0.1f}).run(plan, task).accuracy;
    }
    const auto& judged = engine.islands[1].population();
    const auto found = std::ranges::find(judged, member.id, &evo::Individual::id);
    ASSERT_NE(found, judged.end());
    EXPECT_EQ(found->fitness, sum / SmallEngine::fitness_tasks);
}

TEST(Generation, FitnessIsThatOfTheAveragedWeights) {
    SmallEngine engine({.average = 0.5});
    auto& weights = engine.net.supernet().weights();
    const std::vector<float> before = engine.weights();
    const auto broken = [&] {
        EXPECT_TRUE(engine.generation.evaluate(engine.islands, 0, [] { return false; }));
        return engine.generation.judge(engine.islands, *engine.selection);
    };
    const auto spoil = [&](backend::Buffer& values) {
        engine.net.backend().fill(engine.net.supernet().context(), values, {0, values.size()},
                                  std::numeric_limits<double>::quiet_NaN());
    };
    spoil(*weights.average());
    EXPECT_EQ(broken(), 2 * SmallEngine::population);
    EXPECT_EQ(engine.weights(), before) << "what is trained stays";
    weights.keep_average(engine.net.supernet().context());
    spoil(weights.values());
    EXPECT_EQ(broken(), 0);
}

TEST(Generation, AnInterruptedEvaluationChangesNoIndividual) {
    SmallEngine engine;
    int asked = 0;
    EXPECT_FALSE(engine.generation.evaluate(engine.islands, 0, [&] { return ++asked == 4; }));
    EXPECT_EQ(asked, 4);
    for (const Island& island : engine.islands)
        for (const evo::Individual& member : island.population()) EXPECT_TRUE(std::isnan(member.fitness));
    // The next one begins anew.
    EXPECT_TRUE(engine.generation.evaluate(engine.islands, 0, [] { return false; }));
    SmallEngine straight;
    EXPECT_TRUE(straight.generation.evaluate(straight.islands, 0, [] { return false; }));
    engine.generation.judge(engine.islands, *engine.selection);
    straight.generation.judge(straight.islands, *straight.selection);
    EXPECT_EQ(engine.members(), straight.members());
}

TEST(Generation, CountsThoseWhoseLossIsNoNumber) {
    SmallEngine engine;
    auto& weights = engine.net.supernet().weights();
    engine.net.backend().fill(engine.net.supernet().context(), weights.values(), {0, weights.size()},
                              std::numeric_limits<double>::quiet_NaN());
    ASSERT_TRUE(engine.generation.evaluate(engine.islands, 0, [] { return false; }));
    EXPECT_EQ(engine.generation.judge(engine.islands, *engine.selection), 2 * SmallEngine::population);
    EXPECT_EQ(engine.islands[0].population()[0].fitness, evo::worst_fitness);
}

}  // namespace
}  // namespace atnas::engine
