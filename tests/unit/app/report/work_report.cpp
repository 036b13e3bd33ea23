// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/work_report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace atnas::app {
namespace {

TEST(WorkReport, NamesEveryRankOfAFew) {
    const std::vector<RankWork> ranks{{0.125, {7, 0}}, {0.4, {42, 3}}};
    EXPECT_EQ(text_of(ranks), "0: 0.12, 1: 0.40 (3 of 45 taken over from others)");
    EXPECT_EQ(json_of(ranks).dump(), R"({"idle_seconds":[0.125,0.4],"items":[7,45],"stolen":[0,3]})");
}

TEST(WorkReport, NamesTheIdlestOfMany) {
    std::vector<RankWork> ranks(20);
    ranks[19].idle_seconds = 3;
    ranks[4].idle_seconds = 2;
    const std::string text = text_of(ranks);
    EXPECT_EQ(text.find("19: 3.00, 4: 2.00, 0: 0.00"), 0u) << text;
    EXPECT_NE(text.find("; the other 4 were idle for less"), std::string::npos) << text;
}

TEST(WorkReport, OneRankIsAll) {
    const auto all = all_work({0.5, {2, 1}}, comm::Communicator{});
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].idle_seconds, 0.5);
    EXPECT_EQ(all[0].items.own, 2);
    EXPECT_EQ(all[0].items.stolen, 1);
}

}  // namespace
}  // namespace atnas::app
