// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/elite_encodes.hpp"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace atnas::engine {
namespace {

class EliteEncodesTest : public testing::Test {
  protected:
    space::Genotype drawn(std::uint32_t item) {
        RandomStream random({.seed = 3, .item = item});
        return space_->canonical(space_->sample(random));
    }
    static evo::Individual member(space::Genotype genotype, double fitness) {
        evo::Individual individual;
        individual.genotype = std::move(genotype);
        individual.fitness = fitness;
        return individual;
    }
    std::unique_ptr<space::SearchSpace> space_ =
        space::make_search_space({.channels = 4, .image = {1, 12, 12}, .cell = {.cells = 2, .reductions = {1}}});
};

TEST_F(EliteEncodesTest, BestFirstEachOnceAndLegal) {
    space::Genotype odd = drawn(9);
    odd.genes.front() = 100;
    io::CheckpointState state;
    const double none = std::numeric_limits<double>::quiet_NaN();
    state.populations = {{member(drawn(0), 0.2), member(drawn(1), none), member(odd, 0.99)},
                         {member(drawn(2), 0.7), member(drawn(0), 0.9), member(drawn(3), 0.7)}};
    state.populations[1][2].macs = 7;
    EXPECT_EQ(elite_encodes(state, *space_, {}), (std::vector{drawn(0), drawn(2), drawn(3), drawn(1)}));
    state.populations[1][1].rounds = state.populations[1][2].rounds = 1;
    EXPECT_EQ(elite_encodes(state, *space_, {}), (std::vector{drawn(0), drawn(3), drawn(2), drawn(1)})) << "racing";
    EXPECT_EQ(elite_encodes(state, *space_, {}, drawn(3)), (std::vector{drawn(3), drawn(0), drawn(2), drawn(1)}));
    EXPECT_TRUE(elite_encodes({}, *space_, {}).empty());
    EXPECT_EQ(elite_encodes({}, *space_, {}, drawn(3)), std::vector{drawn(3)});
}

}  // namespace
}  // namespace atnas::engine
