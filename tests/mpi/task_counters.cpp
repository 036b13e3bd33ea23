// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/task_counters.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace atnas::comm {
namespace {

/// What every index of every list was taken by: how often, over all ranks. All tests run on one node.
std::vector<double> times_taken(const std::vector<double>& indices, std::size_t lists, std::uint32_t length,
                                const Communicator& world) {
    std::vector<double> times(lists * length);
    for (const double index : world.all_gather(std::span<const double>(indices)))
        times[static_cast<std::size_t>(index)] += 1;
    return times;
}

TEST(TaskCountersMpi, RanksAreThoseOfThisNodeAscending) {
    const Communicator world = Communicator::world();
    const TaskCounters counters(world);
    const std::vector<int> hosts = world.hosts();
    std::vector<int> here;
    for (int rank = 0; rank < world.size(); ++rank)
        if (hosts[static_cast<std::size_t>(rank)] == hosts[static_cast<std::size_t>(world.rank())])
            here.push_back(rank);
    EXPECT_TRUE(std::ranges::equal(counters.ranks(), here));
    EXPECT_EQ(counters.ranks()[counters.own_position()], world.rank());
}

TEST(TaskCountersMpi, RanksGoByTheirNumberInTheCommunicator) {
    const Communicator world = Communicator::world();
    MPI_Comm backwards = MPI_COMM_NULL;
    MPI_Comm_split(world.handle(), 0, -world.rank(), &backwards);
    {
        const Communicator reversed(backwards);
        const TaskCounters counters(reversed);
        EXPECT_TRUE(std::ranges::is_sorted(counters.ranks()));
        EXPECT_EQ(counters.ranks()[counters.own_position()], reversed.rank());
        EXPECT_EQ(reversed.rank(), world.size() - 1 - world.rank());
    }
    MPI_Comm_free(&backwards);
}

TEST(TaskCountersMpi, EveryIndexIsTakenOnceHoweverManyTryAtOnce) {
    const Communicator world = Communicator::world();
    TaskCounters counters(world);
    const std::size_t lists = counters.ranks().size();
    const std::uint32_t length = 60000 / static_cast<std::uint32_t>(lists);
    for (std::uint32_t step = 1; step <= 20; ++step) {
        std::vector<double> mine;
        world.barrier();
        // All ranks want the same list at the same time.
        for (std::size_t list = 0; list < lists; ++list)
            while (const auto index = counters.take(list, step, length))
                mine.push_back(static_cast<double>(list * length + *index));
        EXPECT_TRUE(std::ranges::is_sorted(mine));
        EXPECT_EQ(times_taken(mine, lists, length, world), std::vector<double>(lists * length, 1.0)) << step;
        for (std::size_t list = 0; list < lists; ++list) EXPECT_EQ(counters.left(list, step, length), 0u);
        world.barrier();
    }
}

TEST(TaskCountersMpi, AListCanBeTakenBeforeItsOwnerBegins) {
    const Communicator world = Communicator::world();
    TaskCounters counters(world);
    const std::size_t last = counters.ranks().size() - 1;
    for (std::uint32_t step = 1; step <= 3; ++step) {
        if (world.is_root()) {
            EXPECT_EQ(counters.take(last, step, 3), 0u);
            EXPECT_EQ(counters.take(last, step, 3), 1u);
        }
        world.barrier();
        EXPECT_EQ(counters.left(last, step, 3), 1u);
        world.barrier();
        if (world.rank() == world.size() - 1) {
            EXPECT_EQ(counters.take(last, step, 3), 2u);
            EXPECT_FALSE(counters.take(last, step, 3));
        }
        world.barrier();
    }
}

TEST(TaskCountersMpi, TwoAtATimeDoNotMeet) {
    const Communicator world = Communicator::world();
    TaskCounters first(world);
    TaskCounters second(world);
    EXPECT_EQ(first.take(first.own_position(), 1, 1), 0u);
    EXPECT_EQ(second.take(second.own_position(), 1, 1), 0u);
    world.barrier();
    EXPECT_FALSE(first.take(0, 1, 1));
    EXPECT_FALSE(second.take(0, 1, 1));
}

}  // namespace
}  // namespace atnas::comm
