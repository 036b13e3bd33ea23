#include "atnas/app/island.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "atnas/backend/factories.hpp"
#include "atnas/data/strokes.hpp"
#include "atnas/evo/variation.hpp"
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
          supernet_(*backend_, network_, 1),
          island_(0,
                  evo::found_population(*space_, space::CostModel(network_),
                                        {.population = 3, .elite = 1, .offspring = 1}, {}, 1, 0, 1),
                  supernet_) {}

    static space::NetworkOptions make_network() {
        space::NetworkOptions network;
        network.channels = 4;
        network.cells = 1;
        network.reductions = {0};
        network.image = {1, 8, 8};
        network.way = 2;
        return network;
    }

    data::ImageSet images_ = data::make_strokes({.classes = 6, .size = 8});
    data::EpisodeSampler episodes_{images_, std::vector{0, 1, 2, 3, 4, 5}, {.way = 2, .shot = 1, .query = 3}};
    std::unique_ptr<backend::Backend> backend_;
    space::NetworkOptions network_;
    std::unique_ptr<space::SearchSpace> space_;
    supernet::Supernet supernet_;
    Island island_;
};

TEST_F(IslandTest, one_broken_individual_is_the_worst_and_the_others_keep_their_fitness) {
    const evo::Population before = island_.population();
    FixedEvaluator evaluator(std::vector{0.5, std::numeric_limits<double>::quiet_NaN(), 0.75});
    const auto fitness = island_.evaluate(evaluator);
    ASSERT_TRUE(fitness);
    EXPECT_EQ(island_.judge(*fitness), 1);
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

/// Tasks in flight change no bit of the sum, nor does saying early what is final.
TEST_F(IslandTest, lanes_and_readiness_change_nothing) {
    Deck deck;
    deck.meta.batch = 5;
    deck.evo.islands = 1;
    for (const auto learner_kind : {meta::Learner::fomaml, meta::Learner::reptile}) {
        std::vector<std::vector<double>> sums;
        for (const int lanes : {1, 2, 3, 7}) {
            for (const bool early : {false, true}) {
                supernet::Supernet supernet(*backend_, network_, 1, lanes);
                Island island(0, island_.population(), supernet);
                const auto learner = meta::make_meta_learner(learner_kind, meta::Adaptation({2, 0.1f}));
                PhaseTimes times;
                std::vector<std::size_t> firsts;
                island.begin();
                meta::TaskPlans plans(supernet);
                meta::TasksInFlight in_flight(plans);
                island.learn(
                    deck, 3, *space_, episodes_, in_flight, *learner, times,
                    early ? [&](backend::Context&, std::size_t first) { firsts.push_back(first); } : Island::Ready());
                in_flight.finish();
                island.end();
                EXPECT_EQ(firsts.empty(), !early || learner_kind == meta::Learner::reptile);
                const auto sum = supernet.weights().make_like();
                backend_->copy(supernet.context(), island.gradient().buffer(), 0, *sum, {0, sum->size()});
                sums.push_back(test::read_all(*backend_, supernet.context(), *sum));
                EXPECT_EQ(sums.back(), sums.front()) << lanes << " lanes, early " << early;
            }
        }
        EXPECT_GT(test::norm_of(sums.front()), 0);
    }
}

}  // namespace
}  // namespace atnas::app
