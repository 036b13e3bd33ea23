// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/island.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "atnas/backend/factories.hpp"
#include "atnas/data/strokes.hpp"
#include "atnas/evo/evolution.hpp"
#include "support/network_task.hpp"

namespace atnas::app {
namespace {

/// Says what it is told to.
class FixedEvaluator final : public space::Evaluator {
  public:
    explicit FixedEvaluator(std::optional<std::vector<double>> values) : values_(std::move(values)) {}
    std::optional<std::vector<double>> evaluate(std::span<const space::Genotype>) override { return values_; }

  private:
    std::optional<std::vector<double>> values_;
};

class IslandTest : public testing::Test {
  protected:
    IslandTest()
        : backend_(backend::make_backend(backend::BackendKind::reference)),
          network_{make_network()},
          space_(space::make_search_space(network_)),
          costs_(network_),
          island_(
              0, evo::Evolution({.space = *space_,
                                 .costs = costs_,
                                 .selection = *selection_,
                                 .options = {.population = 3, .selection = {.elite = 1}, .variation = {.offspring = 1}},
                                 .seed = 1,
                                 .islands = 1})
                     .found(0)) {}

    static space::NetworkOptions make_network() {
        space::NetworkOptions network;
        network.channels = 4;
        network.cell.cells = 1;
        network.cell.reductions = {0};
        network.image = {1, 8, 8};
        network.way = 2;
        return network;
    }

    data::ImageSet images_ = data::make_strokes({.classes = 6, .size = 8});
    data::EpisodeSampler episodes_{images_, std::vector{0, 1, 2, 3, 4, 5}, {.way = 2, .shot = 1, .query = 3}};
    std::unique_ptr<backend::Backend> backend_;
    space::NetworkOptions network_;
    std::unique_ptr<space::SearchSpace> space_;
    space::CostModel costs_;
    std::unique_ptr<evo::Selection> selection_ = evo::make_selection({});
    Island island_;
};

TEST_F(IslandTest, one_broken_individual_is_the_worst_and_the_others_keep_their_fitness) {
    const evo::Population before = island_.population();
    FixedEvaluator evaluator(std::vector{0.5, std::numeric_limits<double>::quiet_NaN(), 0.75});
    const auto fitness = island_.evaluate(evaluator);
    ASSERT_TRUE(fitness);
    EXPECT_EQ(island_.judge(*fitness, *selection_), 1);
    EXPECT_EQ(island_.population()[0].id, before[2].id);
    EXPECT_EQ(island_.population()[1].fitness, 0.5);
    EXPECT_EQ(island_.population()[2].id, before[1].id);
    EXPECT_EQ(island_.population()[2].fitness, evo::worst_fitness);
}

TEST_F(IslandTest, an_interrupted_evaluation_changes_nothing) {
    FixedEvaluator evaluator({});
    EXPECT_FALSE(island_.evaluate(evaluator));
    for (const evo::Individual& member : island_.population()) EXPECT_TRUE(std::isnan(member.fitness));
}

/// Tasks in flight change no bit of the sum, nor does saying early what is final, nor who learns first.
TEST_F(IslandTest, lanes_readiness_and_order_change_nothing) {
    Deck deck;
    deck.meta.batch = 5;
    deck.evo.islands = 2;
    for (const auto learner_kind : {meta::Learner::fomaml, meta::Learner::reptile}) {
        std::vector<std::vector<std::int64_t>> sums;
        for (const int lanes : {1, 2, 3, 7}) {
            for (const bool early : {false, true}) {
                supernet::Supernet supernet(*backend_, network_, 1, lanes);
                std::vector<Island> islands;
                for (const int number : {early ? 1 : 0, early ? 0 : 1})
                    islands.emplace_back(number, island_.population());
                meta::MetaGradient gradient(*backend_, supernet.context(), supernet.weights(), deck.meta.batch);
                const auto learner = meta::make_meta_learner(learner_kind, meta::Adaptation({2, 0.1f}));
                PhaseTimes times;
                std::vector<std::size_t> firsts;
                const Island::Ready ready = [&](backend::Context&, std::size_t first) { firsts.push_back(first); };
                meta::TaskPlans plans(supernet);
                meta::TasksInFlight in_flight(plans);
                for (Island& island : islands)
                    island.learn(deck, 3, *space_, episodes_, in_flight, *learner, gradient, times,
                                 early && &island == &islands.back() ? ready : Island::Ready());
                in_flight.finish();
                gradient.seal();
                EXPECT_EQ(firsts.empty(), !early || learner_kind == meta::Learner::reptile);
                const auto summary = gradient.summary();
                EXPECT_TRUE(summary.finite);
                EXPECT_EQ(summary.tasks, 5);
                auto& words = sums.emplace_back(gradient.sum().words());
                backend_->read_words(supernet.context(), gradient.sum(), 0, words);
                EXPECT_EQ(words, sums.front()) << lanes << " lanes, early " << early;
            }
        }
        EXPECT_NE(std::ranges::count(sums.front(), 0), static_cast<std::ptrdiff_t>(sums.front().size()));
    }
}

}  // namespace
}  // namespace atnas::app
