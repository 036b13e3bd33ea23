// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/replica_check.hpp"

#include <string>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

namespace atnas::engine {
namespace {

TEST(ReplicaCheck, equal_digests_are_fine) {
    EXPECT_NO_THROW(expect_equal_replicas(Digest(7), comm::Communicator::world()));
}

TEST(ReplicaCheck, every_rank_learns_who_differs) {
    const auto world = comm::Communicator::world();
    if (world.size() == 1) return;
    const int last = world.size() - 1;
    try {
        expect_equal_replicas(Digest(world.rank() == last ? 8 : 7), world);
        FAIL() << "rank " << world.rank() << " noticed nothing";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::failed);
        EXPECT_NE(std::string(error.what()).find("rank(s) " + std::to_string(last) + " differ"), std::string::npos)
            << error.what();
    }
}

}  // namespace
}  // namespace atnas::engine
