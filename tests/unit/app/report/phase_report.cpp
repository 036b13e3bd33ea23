// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/phase_report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace atnas::app {
namespace {

TEST(PhaseReport, of_one_rank_is_its_times) {
    PhaseTimes times;
    times.add(Phase::backward, 2.5);
    times.add(Phase::waiting, 0.25);
    const PhaseReport report = phase_report(times, comm::Communicator());
    const auto json = json_of(report);
    EXPECT_EQ(json.size(), phase_count);
    for (const char* what : {"min", "avg", "max"}) {
        EXPECT_EQ(json["backward"][what], 2.5);
        EXPECT_EQ(json["waiting"][what], 0.25);
        EXPECT_EQ(json["forward"][what], 0.0);
    }
    EXPECT_NE(text_of(report).find("backward 2.50/2.50/2.50"), std::string::npos) << text_of(report);
}

}  // namespace
}  // namespace atnas::app
