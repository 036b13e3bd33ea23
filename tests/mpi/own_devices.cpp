// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/own_devices.hpp"

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

namespace atnas::comm {
namespace {

TEST(OwnDevices, processors_and_different_gpus_are_fine) {
    const Communicator world = Communicator::world();
    EXPECT_NO_THROW(expect_own_devices(world, {}));
    EXPECT_NO_THROW(expect_own_devices(world, {"0000:0" + std::to_string(world.rank()) + ":00.0"}));
}

TEST(OwnDevices, one_gpu_for_two_ranks_is_named) {
    const Communicator world = Communicator::world();
    if (world.size() == 1) return;
    try {
        // The first has one of its own where there are three.
        expect_own_devices(world, {world.rank() + 2 < world.size() ? "0000:01:00.0" : "0000:02:00.0", "1f2e"});
        FAIL() << "not refused";
    } catch (const Error& error) {
        const std::string text = error.what();
        const std::string ranks =
            "ranks " + std::to_string(world.size() - 2) + " and " + std::to_string(world.size() - 1);
        EXPECT_NE(text.find(ranks + " have the same GPU, 0000:02:00.0 1f2e on host "), std::string::npos) << text;
    }
}

TEST(OwnDevices, slices_of_one_gpu_are_different_devices) {
    const Communicator world = Communicator::world();
    const backend::DeviceId slice{"0000:01:00.0", std::to_string(world.rank())};
    EXPECT_NO_THROW(expect_own_devices(world, slice));
    EXPECT_EQ(share_gpus(world, slice), world.size() > 1);
    EXPECT_FALSE(share_gpus(world, {"0000:0" + std::to_string(world.rank()) + ":00.0", slice.uuid}));
    EXPECT_FALSE(share_gpus(world, {}));
}

}  // namespace
}  // namespace atnas::comm
