// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/meta_training.hpp"

#include <cmath>
#include <limits>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "support/small_engine.hpp"

namespace atnas::engine {
namespace {

TEST(MetaTraining, SharesOfTheBatchAddUp) {
    for (const int islands : {1, 2, 3, 7}) {
        int sum = 0;
        for (int i = 0; i < islands; ++i) sum += share_of_batch(10, i, islands);
        EXPECT_EQ(sum, 10);
        EXPECT_LE(share_of_batch(10, 0, islands) - share_of_batch(10, islands - 1, islands), 1);
    }
}

TEST(MetaTraining, AStepCountsAllTasksAndMovesTheWeights) {
    SmallEngine engine;
    const std::vector<float> before = engine.weights();
    engine.training.learn(engine.islands, 0);
    EXPECT_EQ(engine.weights(), before) << "nothing moves before the step";
    const MetaTraining::Step step = engine.training.step(0);
    EXPECT_TRUE(step.made);
    EXPECT_EQ(step.tasks, SmallEngine::batch);
    EXPECT_GT(step.loss, 0);
    EXPECT_NE(engine.weights(), before);
}

TEST(MetaTraining, AGradientThatIsNoNumberMovesNothing) {
    SmallEngine engine;
    auto& weights = engine.net.supernet().weights();
    engine.net.backend().fill(engine.net.supernet().context(), weights.values(), {0, weights.size()},
                              std::numeric_limits<double>::quiet_NaN());
    engine.training.learn(engine.islands, 0);
    EXPECT_FALSE(engine.training.step(0).made);
    for (const auto& [name, moment] : engine.training.optimizer().moments())
        for (const float value : nn::download(engine.net.backend(), engine.net.supernet().context(), *moment))
            ASSERT_EQ(value, 0.0f) << name;
    for (const std::int64_t steps : engine.training.optimizer().block_steps()) ASSERT_EQ(steps, 0);
}

TEST(MetaTraining, PretrainsInTheFirstIterations) {
    SmallEngine engine({.pretrain_iterations = 2});
    const auto moved = [&] {
        const std::vector<float> before = engine.weights();
        engine.iterate();
        const std::vector<float> after = engine.weights();
        std::set<std::string> names;
        for (const nn::Block& block : engine.net.supernet().manifest().blocks())
            for (std::size_t i = block.offset; i < block.offset + block.shape.count(); ++i)
                if (before[i] != after[i]) names.insert(block.name);
        return names;
    };
    for (int iteration = 0; iteration < 2; ++iteration) {
        EXPECT_TRUE(engine.training.pretrains(iteration));
        const auto names = moved();
        EXPECT_TRUE(names.contains("pretrain/weight"));
        EXPECT_TRUE(names.contains("stem/conv/weight"));
    }
    EXPECT_FALSE(engine.training.pretrains(2));
    const auto names = moved();
    EXPECT_FALSE(names.contains("pretrain/weight")) << "its head is left alone afterwards";
    EXPECT_TRUE(names.contains("stem/conv/weight"));
    // The loss of an even guess among the training classes, at first.
    EXPECT_NEAR(engine.losses.front(), std::log(engine.net.data().pretrain_classes()), 1.5);
}

TEST(MetaTraining, EachPhaseHasASchedule) {
    SmallEngine engine({.pretrain_iterations = 4});
    MetaTrainingOptions options = SmallEngine::training_options({.pretrain_iterations = 4});
    options.pretraining.rate = 0.5;
    options.outer.rate = 0.25;
    options.outer.schedule = meta::Schedule::cosine;
    options.outer.iterations = 10;
    const MetaTraining training({engine.net, *engine.reducer, engine.sharing, engine.communicator, engine.times},
                                engine.net.data().to_learn(SmallEngine::task(), SmallEngine::batch_images), options);
    EXPECT_DOUBLE_EQ(training.rate_at(0), 0.5);
    EXPECT_DOUBLE_EQ(training.rate_at(2), 0.25) << "half of pretraining";
    EXPECT_DOUBLE_EQ(training.rate_at(4), 0.25) << "the first task";
    EXPECT_DOUBLE_EQ(training.rate_at(7), 0.125) << "half of the tasks";
}

TEST(MetaTraining, TheSumHasRoomForThePhaseWithMoreItems) {
    MetaTrainingOptions options;
    options.batch = 2;
    options.pretraining.batches = 6;
    EXPECT_EQ(options.most_items(), 2) << "nothing is pretrained";
    options.pretraining.iterations = 1;
    EXPECT_EQ(options.most_items(), 6);
    options.batch = 8;
    EXPECT_EQ(options.most_items(), 8);
}

TEST(MetaTraining, CountsWhatTrained) {
    SmallEngine engine({.pretrain_iterations = 1});
    const auto tasks_of_gene = [&](std::size_t gene) {
        const std::vector<std::int64_t> counts = engine.training.path_counts().total(engine.communicator);
        std::int64_t sum = 0;
        for (std::size_t v = 0; v < 7; ++v) sum += counts[gene * 7 + v];
        return sum;
    };
    engine.iterate();
    EXPECT_EQ(tasks_of_gene(2), 3) << "mini-batches";
    engine.iterate();
    EXPECT_EQ(tasks_of_gene(2), 3 + SmallEngine::batch);
    EXPECT_EQ(tasks_of_gene(21), 3 + SmallEngine::batch);
    auto& weights = engine.net.supernet().weights();
    engine.net.backend().fill(engine.net.supernet().context(), weights.values(), {0, weights.size()},
                              std::numeric_limits<double>::quiet_NaN());
    engine.iterate();
    EXPECT_EQ(tasks_of_gene(2), 3 + SmallEngine::batch) << "a step that was skipped trained nothing";
}

TEST(MetaTraining, FairPathsTrainAllOperationsAlike) {
    SmallEngine engine({.paths = {.sample_population = 0, .sample_population_start = 0, .explore = Explore::fair},
                        .pretrain_iterations = 2});
    // Two iterations of 3 and three of 5 tasks on 2 islands: three rounds of 7.
    for (int i = 0; i < 5; ++i) engine.iterate();
    const std::vector<std::int64_t> counts = engine.training.path_counts().total(engine.communicator);
    const std::vector<space::Gene> genes = engine.net.space().genes();
    for (std::size_t g = 0; g < genes.size(); ++g) {
        if (genes[g].kind != space::GeneKind::operation) continue;
        EXPECT_EQ(std::vector(counts.begin() + static_cast<std::ptrdiff_t>(7 * g),
                              counts.begin() + static_cast<std::ptrdiff_t>(7 * (g + 1))),
                  std::vector<std::int64_t>(7, 3))
            << genes[g].name;
    }
}

TEST(MetaTraining, ItemsHaveNumbersOverBothPhases) {
    MetaTrainingOptions options;
    options.batch = 5;
    options.pretraining = {.iterations = 3, .batches = 2};
    EXPECT_EQ(options.items_before(0), 0u);
    EXPECT_EQ(options.items_before(2), 4u);
    EXPECT_EQ(options.items_before(3), 6u);
    EXPECT_EQ(options.items_before(5), 16u);
    options.pretraining.iterations = 0;
    options.batch = 1 << 20;
    EXPECT_EQ(options.items_before(1 << 20), std::uint64_t{1} << 40);
}

TEST(MetaTraining, FirstOrderComesFirst) {
    SmallEngine fomaml({.pretrain_iterations = 1});
    SmallEngine always({.learner = meta::Learner::maml, .first_order_iterations = 3, .pretrain_iterations = 1});
    SmallEngine at_first({.learner = meta::Learner::maml, .first_order_iterations = 2, .pretrain_iterations = 1});
    for (int iteration = 0; iteration < 4; ++iteration) {
        for (SmallEngine* const engine : {&fomaml, &always, &at_first}) engine->iterate();
        EXPECT_EQ(always.weights(), fomaml.weights()) << iteration;
        // Those of pretraining do not count.
        EXPECT_EQ(at_first.weights() == fomaml.weights(), iteration < 3) << iteration;
    }
}

TEST(MetaTraining, EarlyQueryLossesCountLessAndLess) {
    SmallEngine last({.pretrain_iterations = 1});
    SmallEngine all({.multi_step_iterations = 2, .pretrain_iterations = 1});
    EXPECT_EQ(all.training.early_loss_at(0), 0) << "of pretraining";
    EXPECT_EQ(all.training.early_loss_at(1), 1.0 / SmallEngine::inner_steps);
    EXPECT_EQ(all.training.early_loss_at(2), 0.5 / SmallEngine::inner_steps);
    EXPECT_EQ(all.training.early_loss_at(3), 0);
    EXPECT_EQ(last.training.early_loss_at(1), 0);
    for (int iteration = 0; iteration < 2; ++iteration) {
        last.iterate();
        all.iterate();
        EXPECT_EQ(last.weights() == all.weights(), iteration == 0) << "pretraining knows no steps";
    }
}

TEST(MetaTraining, LearnedRatesAreWeightsLikeOthers) {
    SmallEngine engine({.learner = meta::Learner::meta_sgd, .average = 0.5, .pretrain_iterations = 1});
    const auto& blocks = engine.net.supernet().manifest().blocks();
    const auto& steps = engine.training.optimizer().block_steps();
    for (int iteration = 0; iteration < 3; ++iteration) {
        const std::vector<float> before = engine.weights();
        engine.iterate();
        const std::vector<float> after = engine.weights();
        int moved = 0;
        for (std::size_t b = 0; b < blocks.size(); ++b) {
            if (!blocks[b].name.starts_with("rates/")) continue;
            const auto of = std::find_if(blocks.begin(), blocks.end(), [&](const nn::Block& block) {
                return "rates/" + block.name == blocks[b].name;
            });
            if (of != blocks.end()) {
                // Pretraining, the first iteration, uses no rates.
                const auto taken = steps[static_cast<std::size_t>(of - blocks.begin())];
                EXPECT_TRUE(steps[b] == taken || steps[b] == taken - 1) << blocks[b].name;
                EXPECT_TRUE(iteration > 0 || steps[b] == 0) << blocks[b].name;
            }
            for (std::size_t i = blocks[b].offset; i < blocks[b].offset + blocks[b].shape.count(); ++i)
                moved += before[i] != after[i] ? 1 : 0;
        }
        EXPECT_EQ(moved > 10, iteration > 0);
    }
}

/// Says that it gains by hearing early what is final, and notes what it hears.
class OverlappingReducer final : public comm::GradientReducer {
  public:
    bool overlaps() const noexcept override { return true; }
    void ready(backend::Context&, std::size_t first) override { firsts.push_back(first); }
    void finish(backend::Context&) override { end(); }

    std::vector<std::size_t> firsts;
};

/// Saying early what is final changes no bit, nor do more islands with the same tasks in another order.
TEST(MetaTraining, ReadinessChangesNothing) {
    for (const auto learner :
         {meta::Learner::fomaml, meta::Learner::meta_sgd, meta::Learner::anil, meta::Learner::reptile}) {
        SmallEngine plain({.learner = learner});
        plain.iterate();
        SmallEngine other({.learner = learner});
        OverlappingReducer reducer;
        MetaTraining training({other.net, reducer, other.sharing, other.communicator, other.times},
                              other.net.data().to_learn(SmallEngine::task(), 0),
                              SmallEngine::training_options({.learner = learner}));
        training.learn(other.islands, 0);
        ASSERT_FALSE(reducer.firsts.empty());
        EXPECT_EQ(reducer.firsts.back(), 0u);
        EXPECT_TRUE(std::ranges::is_sorted(reducer.firsts, std::greater{}));
        // Reptile's difference is final all at once.
        EXPECT_EQ(reducer.firsts.size() > 2, learner != meta::Learner::reptile);
        training.step(0);
        EXPECT_EQ(other.weights(), plain.weights());
    }
}

}  // namespace
}  // namespace atnas::engine
