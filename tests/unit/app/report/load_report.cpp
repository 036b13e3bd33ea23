// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/load_report.hpp"

#include <array>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace atnas::app {
namespace {

TEST(LoadReport, OfTheSecondHalf) {
    const std::array seconds{9.0, 9.0, 1.0, 2.0};
    const LoadReport report = load_report(seconds, comm::Communicator());
    EXPECT_DOUBLE_EQ(report.mean, 1.5);
    EXPECT_DOUBLE_EQ(report.busiest, 1.5);
    EXPECT_DOUBLE_EQ(json_of(report)["busiest"], 1.5);
}

TEST(LoadReport, OfNoIterationIsZero) {
    const LoadReport report = load_report({}, comm::Communicator());
    EXPECT_DOUBLE_EQ(report.mean, 0);
    EXPECT_DOUBLE_EQ(report.busiest, 0);
}

}  // namespace
}  // namespace atnas::app
