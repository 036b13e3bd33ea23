// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/replica_check.hpp"

#include <limits>
#include <memory>
#include <string>
#include <vector>

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

class ReplicaWeights : public testing::Test {
  protected:
    void set(float value) {
        nn::upload(*device_, network_.context(), std::vector<float>(network_.weights().size(), value),
                   network_.weights().values());
    }

    std::unique_ptr<backend::Backend> device_ = backend::make_backend(backend::BackendKind::reference);
    supernet::Supernet network_{*device_, {.kind = "conv4", .channels = 4, .image = {1, 16, 16}}, 1};
    std::unique_ptr<meta::OuterOptimizer> optimizer_ =
        meta::make_outer_optimizer(*device_, network_.context(), network_.weights(), {});
    comm::Communicator world_ = comm::Communicator::world();
};

TEST_F(ReplicaWeights, say_whether_they_are_finite) {
    EXPECT_TRUE(expect_equal_replicas(network_, *optimizer_, world_));
    set(std::numeric_limits<float>::infinity());
    EXPECT_FALSE(expect_equal_replicas(network_, *optimizer_, world_));
}

TEST_F(ReplicaWeights, differ_where_one_moved) {
    if (world_.size() == 1) return;
    set(world_.is_root() ? 0.5f : 0.25f);
    EXPECT_THROW(expect_equal_replicas(network_, *optimizer_, world_), Error);
}

}  // namespace
}  // namespace atnas::engine
