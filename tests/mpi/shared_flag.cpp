// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/shared_flag.hpp"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

namespace atnas::comm {
namespace {

/// Whether it is seen to be raised within some seconds.
bool sees(SharedFlag& flag) {
    for (int i = 0; i < 5000; ++i) {
        if (flag.is_raised()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
}

TEST(SharedFlag, is_seen_by_everybody_who_does_not_wait) {
    const Communicator world = Communicator::world();
    for (const int children : {1, 2, 32}) {
        SharedFlag flag(world, children);
        for (int first = 0; first < world.size(); ++first) {
            EXPECT_FALSE(flag.is_raised());
            world.barrier();
            if (world.rank() == first) flag.raise();
            EXPECT_TRUE(sees(flag)) << "first " << first << ", children " << children;
            flag.lower();
        }
        EXPECT_FALSE(flag.is_raised());
    }
}

/// Once it is lowered nobody raises it again before all have seen that.
void expect_down(SharedFlag& flag, const Communicator& world) {
    EXPECT_FALSE(flag.is_raised());
    world.barrier();
}

TEST(SharedFlag, raised_by_all_or_by_nobody_is_lowered) {
    const Communicator world = Communicator::world();
    for (const int children : {1, 2, 32}) {
        SharedFlag flag(world, children);
        flag.lower();
        expect_down(flag, world);
        flag.raise();
        flag.raise();
        EXPECT_TRUE(flag.is_raised());
        flag.lower();
        expect_down(flag, world);
        // Raised and lowered without anybody looking.
        for (int first = 0; first < world.size(); ++first) {
            if (world.rank() == first) flag.raise();
            flag.lower();
            expect_down(flag, world);
        }
    }
}

TEST(SharedFlag, is_raised_again_at_once) {
    const Communicator world = Communicator::world();
    SharedFlag flag(world, 2);
    constexpr int times = 200;
    for (int t = 0; t < times; ++t) {
        if (t % world.size() == world.rank()) flag.raise();
        flag.lower();
    }
    expect_down(flag, world);
}

}  // namespace
}  // namespace atnas::comm
