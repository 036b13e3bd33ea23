// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/error_report.hpp"

#include <gtest/gtest.h>

#include "atnas/core/timer.hpp"

namespace atnas::app {
namespace {

TEST(ErrorReportMpi, RanksThatAllFailMeet) {
    const auto farewell = comm::Communicator::world();
    EXPECT_TRUE(all_arrive(farewell, 30));
}

TEST(ErrorReportMpi, ARankThatFailsAloneDoesNotWaitForever) {
    const auto world = comm::Communicator::world();
    const comm::Communicator farewell(world.handle());
    if (world.rank() == world.size() - 1) {
        const Stopwatch watch;
        EXPECT_EQ(all_arrive(farewell, 0.3), world.size() == 1);
        EXPECT_LT(watch.seconds(), 10);
    }
    // The others are here meanwhile, in a collective of another communicator, as when they miss the failed one.
    world.barrier();
    // The others complete the meeting that is pending; a second one of all shows that it is over everywhere, because a
    // communicator may not be freed before.
    if (world.rank() != world.size() - 1) {
        EXPECT_TRUE(all_arrive(farewell, 30));
    }
    EXPECT_TRUE(all_arrive(farewell, 30));
}

}  // namespace
}  // namespace atnas::app
