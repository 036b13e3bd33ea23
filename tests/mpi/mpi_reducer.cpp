// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/mpi_reducer.hpp"

#include <gtest/gtest.h>

#include "items.hpp"

namespace atnas::comm {
namespace {

class MpiReducer : public testing::Test {
  protected:
    const Communicator world = Communicator::world();
    test::Replica replica{backend::make_backend(backend::BackendKind::reference)};
};

TEST_F(MpiReducer, HasTheSameBitsHoweverItemsAreShared) {
    for (const std::size_t size : {0u, 1u, 3001u, 20000u}) {
        const auto reducer = make_mpi_reducer(world, *replica.backend, Reduction::exact);
        for (const test::Shares& shares : test::ways_to_share(world.size())) {
            const auto sum = replica.sum_of(shares, world.rank(), size);
            reducer->begin(*sum);
            reducer->ready(*replica.context, 0);
            reducer->finish(*replica.context);
            EXPECT_EQ(replica.words(*sum), test::words_of_all(size));
        }
        EXPECT_EQ(reducer->figures().bytes, world.size() == 1 ? 0 : 3 * (size + 1) * sizeof(std::int64_t));
    }
}

TEST_F(MpiReducer, FastAgreesToRounding) {
    const std::size_t size = 3001;
    const auto reducer = make_mpi_reducer(world, *replica.backend, Reduction::fast);
    for (const test::Shares& shares : test::ways_to_share(world.size())) {
        const auto sum = replica.sum_of(shares, world.rank(), size);
        reducer->sum(*replica.context, *sum);
        EXPECT_TRUE(test::near(replica.words(*sum), test::words_of_all(size)));
    }
    EXPECT_EQ(reducer->figures().bytes, world.size() == 1 ? 0 : 3 * (size + 1) * sizeof(float));
}

/// Counts are small numbers of units: floats hold them.
TEST_F(MpiReducer, CountsAndFlagsAddUp) {
    for (const Reduction reduction : {Reduction::exact, Reduction::fast}) {
        const auto sum = replica.backend->allocate_sum(2, 1);
        const std::vector<std::int64_t> counts{world.rank() + 1, 1000000};
        replica.backend->write_words(*replica.context, *sum, 0, counts);
        if (world.rank() == world.size() - 1) replica.raise_flag(*sum);
        make_mpi_reducer(world, *replica.backend, reduction)->sum(*replica.context, *sum);
        const std::int64_t ranks = world.size();
        EXPECT_EQ(replica.words(*sum), (std::vector<std::int64_t>{ranks * (ranks + 1) / 2, 1000000 * ranks, 1}));
    }
}

}  // namespace
}  // namespace atnas::comm
