#include "atnas/app/island.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "atnas/backend/factories.hpp"
#include "atnas/evo/variation.hpp"

namespace atnas::app {
namespace {

/// Says what it is told to.
class FixedEvaluator final : public space::Evaluator {
  public:
    explicit FixedEvaluator(std::optional<std::vector<double>> values) : values_(std::move(values)) {}
    std::optional<std::vector<double>> evaluate(std::span<const space::Genotype>, int) override { return values_; }

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

    std::unique_ptr<backend::Backend> backend_;
    space::NetworkOptions network_;
    std::unique_ptr<space::SearchSpace> space_;
    supernet::Supernet supernet_;
    Island island_;
};

TEST_F(IslandTest, one_broken_individual_is_the_worst_and_the_others_keep_their_fitness) {
    const evo::Population before = island_.population();
    FixedEvaluator evaluator(std::vector{0.5, std::numeric_limits<double>::quiet_NaN(), 0.75});
    const auto fitness = island_.evaluate(evaluator, 0);
    ASSERT_TRUE(fitness);
    EXPECT_EQ(island_.judge(*fitness), 1);
    EXPECT_EQ(island_.population()[0].id, before[2].id);
    EXPECT_EQ(island_.population()[1].fitness, 0.5);
    EXPECT_EQ(island_.population()[2].id, before[1].id);
    EXPECT_EQ(island_.population()[2].fitness, evo::worst_fitness);
}

TEST_F(IslandTest, an_interrupted_evaluation_changes_nothing) {
    FixedEvaluator evaluator({});
    EXPECT_FALSE(island_.evaluate(evaluator, 0));
    for (const evo::Individual& member : island_.population()) EXPECT_TRUE(std::isnan(member.fitness));
}

}  // namespace
}  // namespace atnas::app
