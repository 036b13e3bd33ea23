// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/gpu_bench.hpp"

#include <gtest/gtest.h>

namespace atnas::app {
namespace {

TEST(GpuBench, NothingIsNoTime) {
    const Busy busy = busy_of({});
    EXPECT_EQ(busy.seconds, 0);
    EXPECT_EQ(busy.span, 0);
    EXPECT_EQ(busy.sum, 0);
}

TEST(GpuBench, GapsAreNotBusy) {
    const Busy busy = busy_of({{1.0, 2.0}, {2.5, 3.0}, {5.0, 5.0}});
    EXPECT_DOUBLE_EQ(busy.seconds, 1.5);
    EXPECT_DOUBLE_EQ(busy.span, 4.0);
    EXPECT_DOUBLE_EQ(busy.sum, 1.5);
}

TEST(GpuBench, WhatTwoStreamsDoAtATimeCountsOnce) {
    // One inside of another, one that goes on after it, in the order of their streams.
    const Busy busy = busy_of({{0.0, 4.0}, {6.0, 7.0}, {1.0, 2.0}, {3.0, 5.0}, {6.0, 6.5}});
    EXPECT_DOUBLE_EQ(busy.seconds, 6.0);
    EXPECT_DOUBLE_EQ(busy.span, 7.0);
    EXPECT_DOUBLE_EQ(busy.sum, 8.5);
}

}  // namespace
}  // namespace atnas::app
