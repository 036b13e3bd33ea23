// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/mean_interval.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace atnas::app {
namespace {

TEST(MeanInterval, OfSomeValuesAndOfOne) {
    const MeanInterval some = mean_interval(std::vector{0.0, 1.0, 2.0, 3.0});
    EXPECT_DOUBLE_EQ(some.mean, 1.5);
    EXPECT_NEAR(some.half, 1.96 * std::sqrt(5.0 / 3 / 4), 1e-12);
    const MeanInterval one = mean_interval(std::vector{0.25});
    EXPECT_EQ(one.mean, 0.25);
    EXPECT_TRUE(std::isnan(one.half));
}

}  // namespace
}  // namespace atnas::app
