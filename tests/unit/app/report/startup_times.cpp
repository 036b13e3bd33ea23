// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/startup_times.hpp"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "atnas/core/timer.hpp"

namespace atnas::app {
namespace {

constexpr double pause_s = 0.02;

void pause() {
    std::this_thread::sleep_for(std::chrono::duration<double>(pause_s));
}

TEST(StartupTimes, PartsFollowEachOtherFromTheStartOfTheProcess) {
    pause();  // the launch
    StartupTimes times;
    const double launch = times.seconds();
    EXPECT_GE(launch, pause_s);
    const Stopwatch watch;
    times.end("empty");
    pause();
    times.end("network");
    ASSERT_EQ(times.parts().size(), 3u);
    EXPECT_EQ(times.parts()[0].first, "launch");
    EXPECT_EQ(times.parts()[0].second, launch);
    EXPECT_EQ(times.parts()[2].first, "network");
    EXPECT_GE(times.parts()[2].second, pause_s);
    EXPECT_NEAR(times.seconds(), launch + watch.seconds(), 0.5 * pause_s) << "nothing is left out or counted twice";
}

TEST(StartupTimes, AsTextAndJson) {
    StartupTimes times;
    times.end("network");
    const auto document = json_of(times);
    EXPECT_EQ(document["seconds"], times.seconds());
    EXPECT_EQ(document["network"], times.parts()[1].second);
    const std::string text = text_of(times);
    EXPECT_NE(text.find(" s (launch "), std::string::npos) << text;
    EXPECT_NE(text.find(", network "), std::string::npos) << text;
}

}  // namespace
}  // namespace atnas::app
