// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/work_list.hpp"

#include <gtest/gtest.h>

namespace atnas::engine {
namespace {

// What several ranks do is tested in tests/mpi/work_list.cpp.
TEST(WorkList, OfOneRankIsItsListInOrder) {
    for (const auto scope : {comm::CounterScope::node, comm::CounterScope::rank}) {
        comm::TaskCounters counters{comm::Communicator(), scope};
        WorkList list({{2, 0, 1}}, counters, 1);
        for (const std::size_t item : {2u, 0u, 1u}) EXPECT_EQ(list.take(), item);
        EXPECT_FALSE(list.take());
        EXPECT_FALSE(list.take());
        EXPECT_EQ(list.own(), 3);
        EXPECT_EQ(list.stolen(), 0);
    }
}

TEST(WorkList, AnEmptyListIsAtItsEnd) {
    comm::TaskCounters counters{comm::Communicator()};
    WorkList list({{}}, counters, 1);
    EXPECT_FALSE(list.take());
    EXPECT_EQ(list.own(), 0);
}

}  // namespace
}  // namespace atnas::engine
