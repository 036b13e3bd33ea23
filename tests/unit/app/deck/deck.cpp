// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "support/problems.hpp"

namespace atnas::app {
namespace {

using testing::all_of;
using testing::mentions;

TEST(Deck, DefaultsFitTogether) {
    const auto problems = problems_of(Deck{});
    EXPECT_TRUE(problems.empty()) << all_of(problems);
}

/// One impossible combination: what makes it and the keys that its message must name.
struct Impossible {
    std::function<void(Deck&)> make;
    std::vector<std::string> keys;
};

TEST(Deck, EveryImpossibleCombinationIsFound) {
    const std::vector<Impossible> cases{
        {[](Deck& d) { d.evo.evolution.selection.elite = 5; },
         {"evo.elite = 5", "evo.offspring = 4", "evo.population = 8"}},
        {[](Deck& d) { d.evo.evolution.selection.tournament = 9; }, {"evo.tournament = 9", "evo.population = 8"}},
        {[](Deck& d) {
             d.evo.objectives = {evo::ObjectiveName::macs, evo::ObjectiveName::fitness};
         },
         {"evo.objectives", "write fitness first"}},
        {[](Deck& d) { d.evo.caution = 1.5, d.evo.fitness_tasks = 1; }, {"evo.caution = 1.5", "evo.fitness_tasks = 1"}},
        {[](Deck& d) { d.evo.racing = 4, d.evo.fitness_tasks = 7; },
         {"evo.racing = 4", "evo.fitness_tasks = 7", "at most 3"}},
        {[](Deck& d) { d.evo.racing = 3, d.evo.fitness_tasks = 7, d.evo.memory = 0.5; },
         {"evo.racing = 3", "evo.memory", "evo.fitness_tasks to 8"}},
        {[](Deck& d) {
             d.evo.evolution.surrogate.kind = evo::SurrogateKind::knn;
             d.evo.objectives = {evo::ObjectiveName::fitness, evo::ObjectiveName::macs};
         },
         {"evo.surrogate", "several evo.objectives"}},
        {[](Deck& d) {
             d.evo.evolution.surrogate.kind = evo::SurrogateKind::ridge, d.evo.evolution.kind = evo::Kind::random;
         },
         {"evo.surrogate", "baseline"}},
        {[](Deck& d) { d.migration.options.migrants = 9; }, {"migration.migrants = 9", "evo.population = 8"}},
        {[](Deck& d) {
             d.migration.options.emigrants = evo::EmigrantPolicy::tournament, d.migration.options.tournament = 9;
         },
         {"migration.tournament = 9", "evo.population = 8"}},
        {[](Deck& d) { d.migration.topology = {.kind = evo::TopologyKind::random, .degree = 2}; },
         {"migration.degree = 2", "evo.islands = 2"}},
        {[](Deck& d) { d.migration.topology = {.kind = evo::TopologyKind::edges, .edges = "0>1 1>2"}; },
         {"migration.edges: 1>2", "evo.islands = 2"}},
        {[](Deck& d) { d.migration.topology.kind = evo::TopologyKind::edges; }, {"migration.edges is empty"}},
        {[](Deck& d) { d.meta.batch = 262144; }, {"meta.batch = 262144", "below 0.5", "131072"}},
        {[](Deck& d) { d.evo.islands = 9; }, {"meta.batch = 8", "evo.islands = 9"}},
        {[](Deck& d) { d.meta.pretraining.iterations = 2000; },
         {"meta.pretrain_iterations = 2000", "run.iterations = 1000"}},
        {[](Deck& d) { d.meta.pretraining = {.iterations = 10, .batches = 1}; },
         {"meta.pretrain_batches = 1", "evo.islands = 2"}},
        {[](Deck& d) { d.meta.outer.rate = 0.5, d.meta.outer.weight_decay = 2; },
         {"meta.weight_decay = 2", "meta.rate = 0.5"}},
        {[](Deck& d) { d.meta.learner = meta::Learner::reptile, d.meta.inner_steps = 0; },
         {"reptile", "meta.inner_steps"}},
        {[](Deck& d) { d.meta.learner = meta::Learner::maml, d.meta.inner_optimizer = nn::InnerOptimizerKind::adam; },
         {"meta.learner = maml", "meta.inner_optimizer", "fomaml"}},
        {[](Deck& d) { d.meta.learner = meta::Learner::meta_sgd, d.meta.inner_steps = 0; },
         {"meta.learner = meta_sgd", "meta.inner_steps = 0", "rates"}},
        {[](Deck& d) {
             d.meta.learner = meta::Learner::meta_sgd, d.meta.inner_optimizer = nn::InnerOptimizerKind::momentum;
         },
         {"meta.learner = meta_sgd", "meta.inner_optimizer", "rates"}},
        {[](Deck& d) { d.meta.learner = meta::Learner::meta_sgd, d.meta.first_order_iterations = 1; },
         {"meta.first_order_iterations = 1", "meta_sgd"}},
        {[](Deck& d) { d.meta.learner = meta::Learner::maml, d.cuda.tf32 = backend::Tf32::yes; },
         {"meta.learner = maml", "cuda.tf32 = true", "fomaml"}},
        {[](Deck& d) { d.meta.first_order_iterations = 5; }, {"meta.first_order_iterations = 5", "fomaml", "maml"}},
        {[](Deck& d) { d.meta.learner = meta::Learner::maml, d.meta.multi_step_loss = 5; },
         {"meta.multi_step_loss = 5", "maml", "meta_sgd"}},
        {[](Deck& d) { d.meta.learner = meta::Learner::reptile, d.meta.multi_step_loss = 5; },
         {"meta.multi_step_loss = 5", "reptile"}},
        {[](Deck& d) { d.meta.inner_steps = 1, d.meta.multi_step_loss = 5; },
         {"meta.multi_step_loss = 5", "meta.inner_steps = 1"}},
        {[](Deck& d) { d.runtime.plans = 1; }, {"runtime.plans = 1", "0 for the usual number"}},
        {[](Deck& d) {
             d.meta.learner = meta::Learner::anil, d.space.head = space::Head::zero, d.meta.inner_steps = 0;
         },
         {"zero", "meta.inner_steps = 0"}},
        {[](Deck& d) { d.space.head = space::Head::zero, d.meta.inner_steps = 0; }, {"zero", "meta.inner_steps = 0"}},
        {[](Deck& d) { d.space.head = space::Head::linear, d.meta.eval_steps = 0; }, {"linear", "meta.eval_steps = 0"}},
        {[](Deck& d) { d.space.head = space::Head::linear, d.task.train_way = 10; },
         {"task.train_way = 10", "task.way = 5"}},
        {[](Deck& d) { d.task.train_way = 1; }, {"task.train_way = 1"}},
        {[](Deck& d) { d.data.source = ""; }, {"data.source"}},
        {[](Deck& d) { d.data.split.test_fraction = 0.8; },
         {"data.validation_fraction = 0.2", "data.test_fraction = 0.8"}},
        {[](Deck& d) { d.data.strokes.classes = 10; }, {"data.strokes_per_group = 20", "data.strokes_classes = 10"}},
        {[](Deck& d) { d.data.augment.saturation = 0.25F; }, {"data.saturation = 0.25", "3 channels"}},
        {[](Deck& d) { d.data.augment.crop = 28; }, {"data.crop = 28", "28 x 28"}},
        {[](Deck& d) { d.data.augment.cutout = 28; }, {"data.cutout = 28", "28 x 28"}},
        {[](Deck& d) {
             d.space.cell.reductions = {1, 4};
         },
         {"space.reductions = 1, 4"}},
        {[](Deck& d) { d.evo.founder = "no_such_encode"; }, {"evo.founder"}},
    };
    for (const auto& impossible : cases) {
        Deck deck;
        impossible.make(deck);
        const auto problems = problems_of(deck);
        EXPECT_EQ(problems.size(), 1U) << impossible.keys.front() << "\n" << all_of(problems);
        EXPECT_EQ(mentions(problems, impossible.keys), 1) << impossible.keys.front() << "\n" << all_of(problems);
    }
}

TEST(Deck, LimitsThemselvesAreAllowed) {
    Deck deck;
    deck.evo.evolution = {.population = 8, .selection = {.elite = 4, .tournament = 8}, .variation = {.offspring = 4}};
    deck.migration.options.migrants = 8;
    deck.migration.options.emigrants = evo::EmigrantPolicy::tournament;
    deck.migration.options.tournament = 8;
    deck.migration.topology = {.kind = evo::TopologyKind::random, .degree = 7};
    deck.evo.islands = deck.meta.batch;
    deck.meta.inner_steps = 0;  // a prototypical network
    deck.space.head = space::Head::proto;
    deck.task.train_way = 20;
    deck.data.augment.crop = deck.data.augment.cutout = 27;
    deck.evo.founder = "og_v2";
    const auto problems = problems_of(deck);
    EXPECT_TRUE(problems.empty()) << all_of(problems);
    deck.meta.batch = 131072;
    EXPECT_TRUE(problems_of(deck).empty());
    deck.space.head = space::Head::cosine;
    EXPECT_TRUE(problems_of(deck).empty());
}

TEST(Deck, EveryWrongEdgeIsListed) {
    Deck deck;
    deck.migration.topology = {.kind = evo::TopologyKind::edges, .edges = "0>1 1>1 0>1 7>0 x"};
    EXPECT_EQ(problems_of(deck).size(), 4u);
    deck.migration.topology.kind = evo::TopologyKind::ring;
    EXPECT_TRUE(problems_of(deck).empty()) << "only topology = edges reads them";
}

TEST(Deck, ContractOneIsGivenUpByTheFastReduction) {
    Deck deck;
    EXPECT_TRUE(deck.reproducibility().holds());
    deck.runtime.reduction = comm::Reduction::fast;
    EXPECT_EQ(deck.reproducibility().text(), "runtime.reduction = fast");
}

TEST(Deck, SizeOfImagesInAFileIsNotKnownYet) {
    Deck deck;
    deck.space.cell.stem = space::Stem::pooled;
    deck.data.strokes.size = 8;
    EXPECT_FALSE(problems_of(deck).empty());
    deck.data.source = "images.h5";
    EXPECT_TRUE(problems_of(deck).empty()) << all_of(problems_of(deck));
}

TEST(Deck, ZeroStandsForTheValueOfEvaluation) {
    Deck deck;
    EXPECT_EQ(deck.task.way_in_training(), 5);
    EXPECT_EQ(deck.task.shot_in_training(), 1);
    EXPECT_EQ(deck.task.query_in_training(), 15);
    EXPECT_EQ(deck.meta.steps_in_evaluation(), deck.meta.inner_steps);
    deck.task.train_way = 20;
    deck.task.train_shot = 10;
    deck.task.train_query = 5;
    deck.meta.eval_steps = 0;
    EXPECT_EQ(deck.task.way_in_training(), 20);
    EXPECT_EQ(deck.task.shot_in_training(), 10);
    EXPECT_EQ(deck.task.query_in_training(), 5);
    EXPECT_EQ(deck.meta.steps_in_evaluation(), 0);
}

}  // namespace
}  // namespace atnas::app
