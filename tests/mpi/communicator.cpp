// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/communicator.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

namespace atnas::comm {
namespace {

TEST(CommunicatorMpi, CollectivesAgreeOnEveryRank) {
    const Communicator world = Communicator::world();
    const int ranks = world.size();
    EXPECT_NE(world.handle(), MPI_COMM_NULL);
    EXPECT_NE(world.handle(), MPI_COMM_WORLD) << "must be a duplicate: our messages meet nobody else's";
    EXPECT_EQ(world.sum(world.rank() + 1), ranks * (ranks + 1) / 2);
    EXPECT_EQ(world.max(-static_cast<double>(world.rank())), 0.0);
    std::vector<double> values{static_cast<double>(world.rank()), -static_cast<double>(world.rank()), 7};
    world.max(values);
    EXPECT_EQ(values, (std::vector<double>{ranks - 1.0, 0, 7}));
    // Of more digits than a double has.
    const std::int64_t large = std::int64_t{1} << 60;
    std::vector<std::int64_t> counts{world.rank(), world.is_root() ? large : 1};
    world.sum(std::span(counts));
    EXPECT_EQ(counts, (std::vector<std::int64_t>{ranks * (ranks - 1) / 2, large + ranks - 1}));
    EXPECT_TRUE(world.any(world.rank() == ranks - 1));
    EXPECT_FALSE(world.any(false));
    EXPECT_EQ(world.any_of(1U << world.rank()), (1U << ranks) - 1U);
    EXPECT_EQ(world.any_of(0), 0U);
    world.barrier();
}

TEST(CommunicatorMpi, RanksOfOneHostShareItsNumber) {
    const Communicator world = Communicator::world();
    EXPECT_EQ(world.hosts(), std::vector<int>(static_cast<std::size_t>(world.size()), 0));
    EXPECT_EQ(Communicator().hosts(), std::vector<int>{0});
}

TEST(CommunicatorMpi, BroadcastFromTheLastRank) {
    const Communicator world = Communicator::world();
    const int root = world.size() - 1;
    const std::string text =
        world.rank() == root ? std::string("from\0the last", 13) : std::string("something longer than that");
    EXPECT_EQ(world.broadcast(text, root), std::string("from\0the last", 13));
    EXPECT_EQ(world.broadcast(world.rank() == root ? std::string() : std::string("x"), root), "");
}

TEST(CommunicatorMpi, GatherPartsOfDifferentLength) {
    const Communicator world = Communicator::world();
    const std::vector<double> part(static_cast<std::size_t>(world.rank()), world.rank() + 0.5);  // rank 0: nothing
    std::vector<double> expected;
    for (int rank = 0; rank < world.size(); ++rank)
        expected.insert(expected.end(), static_cast<std::size_t>(rank), rank + 0.5);
    EXPECT_EQ(world.all_gather(std::span<const double>(part)), expected);
    const std::vector<std::byte> mine(2, static_cast<std::byte>(world.rank()));
    const std::vector<std::byte> all = world.all_gather(std::span<const std::byte>(mine));
    ASSERT_EQ(all.size(), 2u * static_cast<std::size_t>(world.size()));
    EXPECT_EQ(all.back(), static_cast<std::byte>(world.size() - 1));
}

TEST(CommunicatorMpi, MovesAndStaysUsable) {
    Communicator first = Communicator::world();
    Communicator second = std::move(first);
    EXPECT_EQ(first.handle(), MPI_COMM_NULL);
    EXPECT_EQ(second.sum(1), second.size());
    first = Communicator(second.handle());
    EXPECT_EQ(first.sum(1), second.size());
}

TEST(TogetherMpi, EveryRankThrowsTheErrorOfTheLowestFailingRank) {
    const Communicator world = Communicator::world();
    const int culprit = std::min(1, world.size() - 1);
    try {
        together(world, [&] {
            if (world.rank() < culprit) return;
            throw Error(ExitCode::restart_refused,
                        {Problem{"rank " + std::to_string(world.rank()), "line\n2\n", ""}, Problem{"b", "", "fix"}});
        });
        FAIL() << "no error on rank " << world.rank();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::restart_refused);
        ASSERT_EQ(error.problems().size(), 2u);
        EXPECT_EQ(error.problems()[0].problem, "rank " + std::to_string(culprit));
        EXPECT_EQ(error.problems()[0].reason, "line\n2\n");
        EXPECT_EQ(error.problems()[1].suggestion, "fix");
    }
    EXPECT_EQ(world.sum(1), world.size()) << "ranks out of step";
}

TEST(TogetherMpi, OtherExceptionsDoNotLeaveRanksWaiting) {
    const Communicator world = Communicator::world();
    const int last = world.size() - 1;
    EXPECT_ANY_THROW(together(world, [&] {
        if (world.rank() == last) throw std::runtime_error("unforeseen");
    }));
    EXPECT_NO_THROW(together(world, [] {}));
}

}  // namespace
}  // namespace atnas::comm
