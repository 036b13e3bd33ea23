// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/statistics.hpp"

#include <gtest/gtest.h>

namespace {

using atnas::meta::Statistics;

TEST(Statistics, of_the_query_are_transductive) {
    EXPECT_TRUE(is_transductive(Statistics::query));
    EXPECT_TRUE(is_transductive(Statistics::joint));
    EXPECT_FALSE(is_transductive(Statistics::support));
    EXPECT_FALSE(is_transductive(Statistics::running));
}

TEST(Statistics, running_ones_are_averages_of_joint_ones) {
    EXPECT_EQ(in_training(Statistics::running), Statistics::joint);
    for (const auto statistics : {Statistics::query, Statistics::support, Statistics::joint})
        EXPECT_EQ(in_training(statistics), statistics);
}

}  // namespace
