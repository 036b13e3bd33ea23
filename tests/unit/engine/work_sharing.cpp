// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/work_sharing.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace atnas::engine {
namespace {

TEST(WorkSharing, MakesAWholeListPerStep) {
    WorkSharing sharing{comm::Communicator()};
    const std::vector<WorkItem> items{{1, {0, 1}}, {3, {0, 1}}, {2, {0, 1}}};
    for (int step = 0; step < 3; ++step) {
        WorkList list = sharing.begin(items);
        for (const std::size_t item : {1u, 2u, 0u}) EXPECT_EQ(list.take(), item) << step;
        EXPECT_FALSE(list.take());
    }
}

TEST(WorkSharing, AStepMayEndEarly) {
    WorkSharing sharing{comm::Communicator()};
    const std::vector<WorkItem> items(4, {1, {0, 1}});
    EXPECT_EQ(sharing.begin(items).take(), 0u);
    EXPECT_EQ(sharing.begin(items).take(), 0u);
}

}  // namespace
}  // namespace atnas::engine
