// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/work_list.hpp"

#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/core/random.hpp"
#include "atnas/engine/work_sharing.hpp"

namespace atnas::engine {
namespace {

void work_for(std::chrono::microseconds time) {
    std::this_thread::sleep_for(time);
}

/// The indices that this rank took, to the end of the list; \p work is done after each.
std::vector<double> taken_by(
    WorkList& list, const std::function<void()>& work = [] {}) {
    std::vector<double> mine;
    while (const auto item = list.take()) {
        mine.push_back(static_cast<double>(*item));
        work();
    }
    return mine;
}

/// How often every item was taken, over all ranks. Collective: it ends the step.
std::vector<int> times_taken(const std::vector<double>& mine, std::size_t items, const comm::Communicator& world) {
    std::vector<int> times(items);
    for (const double item : world.all_gather(std::span<const double>(mine))) ++times[static_cast<std::size_t>(item)];
    return times;
}

/// As many items of cost 1 for each rank.
std::vector<WorkItem> equal_items(int each, const comm::Communicator& world) {
    std::vector<WorkItem> items;
    for (int rank = 0; rank < world.size(); ++rank)
        items.insert(items.end(), static_cast<std::size_t>(each), {1, {rank, 1}});
    return items;
}

TEST(WorkListMpi, EveryItemIsTakenOnceWhoeverIsSlowOrLate) {
    const comm::Communicator world = comm::Communicator::world();
    WorkSharing sharing(world);
    // Others on every rank: ranks sleep at different times.
    RandomStream naps({.purpose = Purpose::bench, .item = static_cast<std::uint32_t>(world.rank())});
    for (int step = 0; step < 200; ++step) {
        RandomStream costs({.purpose = Purpose::bench, .iteration = static_cast<std::uint32_t>(step)});
        std::vector<WorkItem> items;
        const int count = static_cast<int>(costs.index(9)) * world.size() / 2;
        for (int i = 0; i < count; ++i) items.push_back({0.5 + costs.uniform(), comm::home_of(i, count, world.size())});
        if (naps.chance(0.2)) work_for(std::chrono::microseconds(naps.index(3000)));
        WorkList list = sharing.begin(items);
        const auto mine = taken_by(list, [&] { work_for(std::chrono::microseconds(naps.index(200))); });
        EXPECT_EQ(list.own() + list.stolen(), static_cast<int>(mine.size()));
        ASSERT_EQ(times_taken(mine, items.size(), world), std::vector<int>(items.size(), 1)) << "step " << step;
    }
}

TEST(WorkListMpi, ASlowRankIsHelped) {
    const comm::Communicator world = comm::Communicator::world();
    if (world.size() == 1) GTEST_SKIP() << "nobody is there to help";
    constexpr int each = 8;
    const auto items = equal_items(each, world);
    WorkSharing sharing(world);
    WorkList list = sharing.begin(items);
    std::vector<double> mine;
    // As slow as can be: the first of its items takes it as long as all others take the others.
    if (world.is_root()) mine.push_back(static_cast<double>(list.take().value()));
    world.barrier();
    if (!world.is_root()) mine = taken_by(list);
    world.barrier();
    EXPECT_FALSE(list.take());
    if (world.is_root()) {
        EXPECT_EQ(mine, std::vector<double>{0});
        EXPECT_EQ(list.own(), 1);
        EXPECT_EQ(list.stolen(), 0);
    }
    EXPECT_GE(world.sum(list.stolen()), each - 1);
    EXPECT_EQ(times_taken(mine, items.size(), world), std::vector<int>(items.size(), 1));
}

TEST(WorkListMpi, ARankThatIsLateFindsItsItemsDone) {
    const comm::Communicator world = comm::Communicator::world();
    if (world.size() == 1) GTEST_SKIP() << "nobody is there to help";
    const auto items = equal_items(3, world);
    WorkSharing sharing(world);
    for (int step = 0; step < 3; ++step) {
        if (world.is_root()) world.barrier();
        WorkList list = sharing.begin(items);
        const auto mine = taken_by(list);
        if (!world.is_root()) world.barrier();
        if (world.is_root()) {
            EXPECT_TRUE(mine.empty());
        }
        EXPECT_EQ(times_taken(mine, items.size(), world), std::vector<int>(items.size(), 1)) << "step " << step;
    }
}

TEST(WorkListMpi, ARankStopsOnlyWhenNobodyHasAnythingLeft) {
    const comm::Communicator world = comm::Communicator::world();
    comm::TaskCounters counters(world);
    constexpr std::uint32_t length = 2000;
    Schedule schedule(static_cast<std::size_t>(world.size()));
    for (std::uint32_t i = 0; i < length; ++i) schedule[0].push_back(i);
    // Without work, ranks are often quicker than one that has just seen something left.
    for (std::uint32_t step = 1; step <= 200; ++step) {
        world.barrier();
        WorkList list(schedule, counters, step);
        const auto mine = taken_by(list);
        const bool left = counters.left(0, step, length) > 0;
        ASSERT_FALSE(world.any(left)) << "step " << step;
        ASSERT_EQ(world.sum(static_cast<long long>(mine.size())), length);
    }
}

TEST(WorkListMpi, CountedAloneEveryRankDoesItsOwn) {
    const comm::Communicator world = comm::Communicator::world();
    const auto items = equal_items(4, world);
    WorkSharing sharing(world, {.scope = comm::CounterScope::rank});
    WorkList list = sharing.begin(items);
    const auto mine = taken_by(list, [&] { work_for(std::chrono::milliseconds(world.is_root() ? 10 : 0)); });
    const double first = 4.0 * world.rank();
    EXPECT_EQ(mine, (std::vector<double>{first, first + 1, first + 2, first + 3}));
    EXPECT_EQ(list.own(), 4);
    EXPECT_EQ(list.stolen(), 0);
    world.barrier();
}

TEST(WorkListMpi, ThievesTakeFromWhoHasMostLeft) {
    const comm::Communicator world = comm::Communicator::world();
    if (world.size() < 3) GTEST_SKIP() << "needs two ranks with something left";
    comm::TaskCounters counters(world);
    // Rank 0 has nothing, rank 1 has two items, the last rank four; nobody but rank 0 takes any.
    const auto last = static_cast<std::size_t>(world.size()) - 1;
    Schedule schedule(last + 1);
    schedule[1] = {0, 1};
    schedule[last] = {2, 3, 4, 5};
    WorkList list(schedule, counters, 1);
    if (world.is_root()) {
        EXPECT_EQ(taken_by(list), (std::vector<double>{2, 3, 0, 4, 1, 5}));
    }
    world.barrier();
    EXPECT_FALSE(list.take());
}

}  // namespace
}  // namespace atnas::engine
