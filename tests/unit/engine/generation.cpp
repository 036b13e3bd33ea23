// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/generation.hpp"

#include <algorithm>
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
    EXPECT_EQ(engine.judge(4), 0);
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
    const auto broken = [&] { return engine.judge(0); };
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
    for (const int rounds : {1, 2}) {
        SmallEngine engine({.rounds = rounds});
        engine.generation.begin(engine.islands, 0);
        int asked = 0;
        const auto in_the_last_round = [&] { return ++asked == 4; };
        for (int round = 1; round < rounds; ++round) {
            EXPECT_TRUE(engine.generation.evaluate([] { return false; }));
            EXPECT_TRUE(engine.generation.next_round(engine.islands, *engine.selection));
        }
        EXPECT_FALSE(engine.generation.evaluate(in_the_last_round));
        EXPECT_EQ(asked, 4);
        for (const Island& island : engine.islands)
            for (const evo::Individual& member : island.population()) EXPECT_TRUE(std::isnan(member.fitness));
        // The next one begins anew.
        SmallEngine straight({.rounds = rounds});
        EXPECT_EQ(engine.judge(0), 0);
        EXPECT_EQ(straight.judge(0), 0);
        EXPECT_EQ(engine.members(), straight.members());
    }
}

TEST(Generation, RacingSparesTheWorseHalfTheRestOfTheTasks) {
    SmallEngine racing({.islands = 1, .rounds = 2});
    SmallEngine straight({.islands = 1});
    EXPECT_EQ(racing.judge(0), 0);
    EXPECT_EQ(straight.judge(0), 0);
    // Of three members two go on; the first round is one task of three.
    EXPECT_EQ(racing.generation.evaluations().made, 3 + 2 * 2);
    EXPECT_EQ(racing.generation.evaluations().saved, 2);
    EXPECT_EQ(straight.generation.evaluations().made, 3 * 3);
    EXPECT_EQ(straight.generation.evaluations().saved, 0);
    const evo::Population& raced = racing.islands[0].population();
    const evo::Population& all = straight.islands[0].population();
    EXPECT_EQ(std::ranges::count(raced, 1.0, &evo::Individual::tasks), 1);
    EXPECT_EQ(raced[0].rounds, 1);
    EXPECT_EQ(raced[1].rounds, 1);
    EXPECT_EQ(raced[2].rounds, 0) << "who stopped stands behind who went on";
    EXPECT_EQ(all[0].rounds, 0);
    for (const evo::Individual& member : raced) {
        const auto same = std::ranges::find(all, member.id, &evo::Individual::id);
        ASSERT_NE(same, all.end());
        EXPECT_EQ(member.tasks, member.rounds == 0 ? 1 : SmallEngine::fitness_tasks);
        if (member.rounds > 0) {
            EXPECT_EQ(member.fitness, same->fitness);
        }
    }
}

TEST(Generation, SurvivorsKeepWhatFormerGenerationsTold) {
    SmallEngine with({.memory = 1});
    SmallEngine without;
    for (SmallEngine* engine : {&with, &without})
        for (int generation = 0; generation < 2; ++generation) {
            EXPECT_EQ(engine->judge(generation), 0);
            if (generation == 0) continue;
            for (const Island& island : engine->islands)
                for (const evo::Individual& member : island.population())
                    EXPECT_EQ(member.tasks, (engine == &with ? 2 : 1) * SmallEngine::fitness_tasks);
        }
    const auto fitness_of = [](const SmallEngine& engine, std::int64_t id) {
        for (const Island& island : engine.islands)
            for (const evo::Individual& member : island.population())
                if (member.id == id) return member;
        return evo::Individual{};
    };
    int differ = 0;
    for (const std::int64_t id : with.members()) {
        const evo::Individual a = fitness_of(with, id);
        const evo::Individual b = fitness_of(without, id);
        differ += a.fitness != b.fitness ? 1 : 0;
    }
    EXPECT_GT(differ, 0);
}

TEST(Generation, IndividualsOfOneNetworkAreJudgedAlike) {
    SmallEngine engine({.memory = 0.5});
    EXPECT_EQ(engine.judge(0), 0);
    for (Island& island : engine.islands)
        for (evo::Individual& member : island.population()) ++member.age;
    // A newcomer that an elder of another island is, too.
    evo::Individual& newcomer = engine.islands[0].population().back();
    const evo::Individual elder = engine.islands[1].population().front();
    newcomer = {.genotype = elder.genotype, .id = 7777, .macs = elder.macs};
    EXPECT_EQ(engine.judge(1), 0);
    const auto found = [&](std::size_t island, std::int64_t wanted) {
        return *std::ranges::find(engine.islands[island].population(), wanted, &evo::Individual::id);
    };
    EXPECT_EQ(found(0, 7777).fitness, found(1, elder.id).fitness);
    EXPECT_EQ(found(0, 7777).tasks, 1.5 * SmallEngine::fitness_tasks);
    EXPECT_EQ(found(0, 7777).fitness_error, found(1, elder.id).fitness_error);
}

TEST(Generation, CountsThoseWhoseLossIsNoNumber) {
    SmallEngine engine;
    auto& weights = engine.net.supernet().weights();
    engine.net.backend().fill(engine.net.supernet().context(), weights.values(), {0, weights.size()},
                              std::numeric_limits<double>::quiet_NaN());
    EXPECT_EQ(engine.judge(0), 2 * SmallEngine::population);
    EXPECT_EQ(engine.islands[0].population()[0].fitness, evo::worst_fitness);
}

}  // namespace
}  // namespace atnas::engine
