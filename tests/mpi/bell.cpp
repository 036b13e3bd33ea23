#include "atnas/comm/bell.hpp"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

namespace atnas::comm {
namespace {

/// Listens until it is heard; false after some seconds.
bool listen(Bell& bell) {
    for (int i = 0; i < 5000; ++i) {
        if (bell.heard()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
}

TEST(Bell, is_heard_by_everybody_who_does_not_wait) {
    const Communicator world = Communicator::world();
    Bell bell(world);
    for (int ringer = 0; ringer < world.size(); ++ringer) {
        EXPECT_FALSE(bell.heard());
        world.barrier();
        if (world.rank() == ringer) bell.ring();
        EXPECT_TRUE(listen(bell)) << "ringer " << ringer;
        bell.settle();
    }
    EXPECT_FALSE(bell.heard());
}

/// After a settlement nobody has rung; nobody rings again before all have seen that.
void expect_quiet(Bell& bell, const Communicator& world) {
    EXPECT_FALSE(bell.heard());
    world.barrier();
}

TEST(Bell, rung_by_all_or_by_nobody_settles) {
    const Communicator world = Communicator::world();
    Bell bell(world);
    bell.settle();
    expect_quiet(bell, world);
    bell.ring();
    bell.ring();
    EXPECT_TRUE(bell.heard());
    bell.settle();
    expect_quiet(bell, world);
    // Rung and settled without anybody listening.
    if (world.is_root()) bell.ring();
    bell.settle();
    expect_quiet(bell, world);
}

}  // namespace
}  // namespace atnas::comm
