// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/engine_options.hpp"

#include <gtest/gtest.h>

namespace atnas::app {
namespace {

TEST(EngineOptions, TheInnerLoopIsTheDecks) {
    Deck deck;
    deck.meta.inner_steps = 3;
    deck.meta.inner_rate = 0.25;
    deck.meta.eval_steps = 7;
    deck.meta.inner_optimizer = nn::InnerOptimizerKind::adam;
    EXPECT_EQ(network_options(deck).inner_loop.optimizer, nn::InnerOptimizerKind::adam);
    EXPECT_EQ(network_options(deck).inner_loop.kept_steps, 0);
    EXPECT_EQ(training_options(deck).adaptation.steps, 3);
    EXPECT_EQ(training_options(deck).adaptation.rate, 0.25f);
    EXPECT_EQ(judged_adaptation(deck).steps, 7);
    EXPECT_EQ(judged_adaptation(deck).rate, 0.25f);
    EXPECT_EQ(judged_adaptation(deck).adapted, nn::WeightSlice::Part::all);
}

TEST(EngineOptions, SecondOrderHasMemoryForTheStepsOfTraining) {
    Deck deck;
    deck.meta.learner = meta::Learner::maml;
    deck.meta.inner_steps = 3;
    deck.meta.eval_steps = 7;
    EXPECT_EQ(network_options(deck).inner_loop.kept_steps, 3);
    EXPECT_EQ(judged_adaptation(deck).kept, meta::Kept::nothing);
    EXPECT_EQ(training_options(deck).first_order_iterations, 0);
    deck.meta.first_order_iterations = 5;
    EXPECT_EQ(training_options(deck).first_order_iterations, 5);
}

TEST(EngineOptions, EarlyQueryLossesHaveMemory) {
    Deck deck;
    EXPECT_EQ(network_options(deck).inner_loop.query_losses, meta::QueryLosses::last);
    deck.meta.multi_step_loss = 7;
    EXPECT_EQ(network_options(deck).inner_loop.query_losses, meta::QueryLosses::every_step);
    EXPECT_EQ(training_options(deck).multi_step_iterations, 7);
}

TEST(EngineOptions, LearnedRatesAreThoseOfTheStepsOfTraining) {
    Deck deck;
    EXPECT_EQ(network_options(deck).rates.steps, 0);
    deck.meta.learner = meta::Learner::meta_sgd;
    deck.meta.inner_steps = 3;
    deck.meta.inner_rate = 0.25;
    deck.meta.eval_steps = 7;
    EXPECT_EQ(network_options(deck).rates.steps, 3);
    EXPECT_EQ(network_options(deck).rates.initial, 0.25f);
    EXPECT_EQ(network_options(deck).inner_loop.kept_steps, 3);
}

TEST(EngineOptions, BaselinesHaveNoMigrationAndAFixedNetworkNoMutants) {
    Deck deck;
    EXPECT_EQ(migration_options(deck).topology.kind, evo::TopologyKind::ring);
    for (const evo::Kind kind : {evo::Kind::random, evo::Kind::local, evo::Kind::fixed}) {
        deck.evo.evolution.kind = kind;
        EXPECT_EQ(migration_options(deck).topology.kind, evo::TopologyKind::none);
    }
    EXPECT_EQ(training_options(deck).paths.finalists_from, 0);
    deck.evo.evolution.kind = evo::Kind::local;
    deck.evo.finalists.until = 0.5;
    deck.run.iterations = 300;
    EXPECT_EQ(training_options(deck).paths.finalists_from, 150);
}

TEST(EngineOptions, WhatALearnerAdaptsIsAdaptedInFitnessAsWell) {
    Deck deck;
    deck.meta.learner = meta::Learner::anil;
    EXPECT_EQ(judged_adaptation(deck).adapted, nn::WeightSlice::Part::head);
    EXPECT_EQ(generation_options(deck).adaptation.adapted, nn::WeightSlice::Part::head);
}

TEST(EngineOptions, ObjectivesHaveTheLimitOfLatency) {
    Deck deck;
    evo::Individual slow;
    slow.fitness = 0.5;
    slow.latency = 30;
    EXPECT_EQ(objectives(deck).excess(slow), 0);
    deck.evo.max_latency = 20;
    EXPECT_DOUBLE_EQ(objectives(deck).excess(slow), 0.5);
    EXPECT_EQ(deck.reproducibility().text(), "latencies were measured");
}

}  // namespace
}  // namespace atnas::app
